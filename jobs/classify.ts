import { fileBench, writeRequests } from '#job/batch-files.ts';
import { classifyLines } from '#job/classify-lines.ts';
import type { Call, Job } from '#job/job.ts';
import { noLlm, oneOf } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { judgeText } from '#job/summary.ts';
import { batchBench, waitingRequests } from '#pipeline/batch.ts';
import { liveBench } from '#pipeline/judge.ts';
import { runStages } from '#pipeline/stages.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'classify',
  about: 'Classify tools: of a JSON Lines file (one server a line), or whatever in the catalogue waits for a verdict',
  args: [
    {
      name: '[file]',
      about: 'JSON Lines {server, tools:[{name, description?, inputSchema?, annotations?}]}, - for standard input',
    },
  ],
  options: [
    noLlm,
    {
      flags: '--llm <how>',
      about: 'ask the language model live (the default where a key is set), or as one batch: submit, wait, collect',
      parse: oneOf('--llm', ['live', 'batch']),
    },
    { flags: '--batch-out <file>', about: 'write the requests to the language model to a file and ask nobody' },
    { flags: '--batch-in <file>', about: 'take its answers from a file' },
  ],
  examples: [
    'plimsoll classify servers.jsonl > verdicts.jsonl',
    'plimsoll classify - --no-llm < servers.jsonl',
    'plimsoll classify --llm batch',
    'plimsoll classify --batch-out requests.jsonl',
    'plimsoll classify --batch-in answers.jsonl',
  ],
  run: (call) => (call.args[0] === undefined ? catalogue(call) : classifyLines(call, call.args[0])),
} satisfies Job;

async function catalogue(call: Call): Promise<undefined> {
  const { llm, batchOut, batchIn } = call.options;
  await using world = await openWorld(call);
  using progress = showProgress();
  if (typeof batchOut === 'string') return await writeRequests(call, batchOut, waitingRequests(world));
  const bench =
    typeof batchIn === 'string'
      ? await fileBench(call, batchIn)
      : llm === 'batch'
        ? await batchBench(world, progress)
        : liveBench(call.settings, llm !== false);
  const done = await runStages(world, { stages: ['classify'], progress, bench });
  const said = done.judge ? ` ${judgeText(done.judge)}` : '';
  call.out(call.json ? `${JSON.stringify(done)}\n` : `${done.assessed} tools assessed.${said}\n`);
  return undefined;
}
