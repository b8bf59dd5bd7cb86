// A crawler reduced to one program, in a process of its own, to be killed: starts what it reads from its standard input
// and says when that is up.
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { plugins } from '#core/plugins.ts';
import { LIMITS } from '../limits.ts';
import type { Program, Sandbox, SandboxSettings } from '../sandbox.ts';

interface Order {
  readonly id: string;
  readonly settings?: SandboxSettings;
  readonly program: Program;
  readonly stage: string;
}

const { id, settings, program, stage } = JSON.parse(await text(process.stdin)) as Order;
const [driver] = await plugins<Sandbox>(join(import.meta.dirname, '../sandboxes'), id);
const sandbox = (settings && driver!.configured?.(settings)) ?? driver!;
const running = await sandbox.start(program, LIMITS, stage);
running.stdout.pipe(process.stdout);
running.stderr.pipe(process.stderr);
await running.ended;
