import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { answersFrom } from '#api/mcp/far.ts';
import { type Answers, answersOf, mcpServer } from '#api/mcp/server.ts';
import type { Call, Job } from '#job/job.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { userAgent } from '#pipeline/user-agent.ts';
import { openWorld } from '#world.ts';

/** Answers on standard input and output until the client closes them or a signal comes. */
async function answerWith(answers: Answers, { log, stop }: Call): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const told = (error: Error, what = 'connection') => log.error({ what, error: error.stack }, 'mcp failed');
  const serving = serveStdio(() => mcpServer(answers, told), { onerror: told, maxSubscriptions: 0 });
  process.stdin.once('end', end).once('close', end);
  stop.addEventListener('abort', () => end(), { once: true });
  if (stop.aborted) end();
  await ended;
  await serving.close();
}

export default {
  id: 'mcp',
  about: 'Answer agents as an MCP server on standard input and output: look-ups, checks and policies, nothing written',
  examples: [
    'npm run --silent plimsoll -- mcp',
    'PLIMSOLL_CATALOGUE=http://localhost:4400 npm run --silent plimsoll -- mcp',
  ],
  async run(call) {
    const { catalogueUrl } = call.settings;
    if (catalogueUrl !== undefined) {
      const answers = answersFrom(catalogueUrl, { userAgent: userAgent(call.settings), stop: call.stop });
      await answerWith(answers, call);
      return undefined;
    }
    await using world = await openWorld(call);
    await answerWith(answersOf(catalogueOf(world.db, [...world.blocked.keys()])), call);
    return undefined;
  },
} satisfies Job;
