// A crawler reduced to what tests of sandboxes need, in a process of its own: `crawler.ts list|linger SANDBOX HOME ENTRY [ARG]`.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '#config.ts';
import { loadSandboxes } from '#enumerate/choose.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { stageFolder } from '#enumerate/stage.ts';

const [what, id, home, server, ...args] = process.argv.slice(2);
const sandbox = (await loadSandboxes(readSettings(process.env))).find((one) => one.id === id)!;
const refusal = await sandbox.refuses();
if (refusal !== undefined) throw new Error(refusal);
const stage = await stageFolder(home!);
const tree = join(stage, 'servers');
cpSync(join(import.meta.dirname, '../fixtures/servers'), tree, { recursive: true });
const entry = `${server}.mjs`;
if (what === 'linger') {
  const program = await sandbox.start({ runtime: 'node', tree, entry, args, env: {} }, LIMITS, stage);
  program.stdout.pipe(process.stdout);
  program.stderr.pipe(process.stderr);
  await program.ended;
} else {
  const artefact = { purl: 'pkg:npm/x', name: 'x', version: '1.0.0', integrity: 'sha512-' };
  const launch = { resolver: 'test', artefact, runtime: 'node' as const, tree, entry, args, inputs: [] };
  const found = await enumerate(launch, sandbox, {
    stage,
    stop: new AbortController().signal,
    limits: { attempts: 1 },
  });
  console.log(JSON.stringify({ stage, found }));
}
