import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { loadClassifier } from '#classify/assess.ts';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import type { Call, Job } from '#job/job.ts';
import { showProgress } from '#job/progress.ts';
import { classifyLines } from '#pipeline/lines.ts';
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
  options: [{ flags: '--no-llm', about: 'rules only, no language model' }],
  examples: ['plimsoll classify servers.jsonl > verdicts.jsonl', 'plimsoll classify - --no-llm < servers.jsonl'],
  run: (call) => (call.args[0] === undefined ? catalogue(call) : lines(call, call.args[0])),
} satisfies Job;

async function lines(call: Call, file: string): Promise<number> {
  if (file !== '-' && !(await stat(file).catch(() => undefined))?.isFile())
    throw new WrongUse(`There is no file '${file}'. Give a JSON Lines file, or - for standard input.`);
  const input = file === '-' ? process.stdin : createReadStream(file);
  const verdicts = classifyLines(input, await loadClassifier(), (line, why) =>
    call.say(`${file === '-' ? 'standard input' : file}:${line}: ${visibleLine(why)}`),
  );
  for (;;) {
    const step = await verdicts.next();
    if (step.done) return step.value > 0 ? 1 : 0;
    if (!process.stdout.write(step.value)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    call.stop.throwIfAborted();
  }
}

async function catalogue(call: Call): Promise<undefined> {
  await using world = await openWorld(call);
  using progress = showProgress();
  const done = await runStages(world, { stages: ['classify'], progress });
  call.out(call.json ? `${JSON.stringify(done)}\n` : `${done.assessed} tools assessed.\n`);
}
