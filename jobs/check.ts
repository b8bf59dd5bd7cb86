import { readFile } from 'node:fs/promises';
import { WrongUse } from '#core/errors.ts';
import { visibleJson, visibleLine } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { callsFrom, checkCalls, policyFrom } from '#pipeline/check.ts';

async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (error) {
    throw new WrongUse(`${file} cannot be read: ${(error as Error).message}`);
  }
}

export default {
  id: 'check',
  about: 'Say what a policy does to calls: allowed, limited, needs approval or denied, and which rule says so',
  args: [{ name: '<policy>', about: 'a policy in the format plimsoll, as export writes it' }],
  options: [
    { flags: '--call <file>', about: 'calls, one JSON object a line: {"tool", "args", "at"}; - reads them in' },
  ],
  examples: [
    'npm run plimsoll -- check policy.json --call calls.jsonl',
    `echo '{"tool":"write_file","args":{"path":"/etc/passwd"}}' | npm run --silent plimsoll -- check policy.json --call -`,
  ],
  async run(call) {
    const [file] = call.args;
    const from = call.options.call as string | undefined;
    if (from === undefined) throw new WrongUse('Say which calls to check: --call FILE, or --call - to read them in.');
    const policy = policyFrom(await readInput(file!), file!);
    const answers = checkCalls(policy, callsFrom(await readInput(from), from, call.now()));
    for (const { tool, at, outcome, rule, reason } of answers)
      if (call.json) call.out(`${visibleJson({ tool, at: new Date(at).toISOString(), outcome, rule, reason }, 0)}\n`);
      else call.out(`${outcome.padEnd(14)} ${visibleLine(tool)}  [${visibleLine(rule)}] ${visibleLine(reason)}\n`);
    return undefined;
  },
} satisfies Job;
