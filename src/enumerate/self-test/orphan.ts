// A crawler reduced to one program, in a process of its own, to be killed: starts what it reads from its standard input
// and says when that is up.
import { text } from 'node:stream/consumers';
import { LIMITS } from '../limits.ts';
import type { Program, Sandbox, SandboxSettings } from '../sandbox.ts';

interface Order {
  readonly id: string;
  readonly settings?: SandboxSettings;
  readonly program: Program;
  readonly stage: string;
}

const { id, settings, program, stage } = JSON.parse(await text(process.stdin)) as Order;
const { default: driver } = (await import(`../sandboxes/${id}.ts`)) as { default: Sandbox };
const sandbox = (settings && driver.configured?.(settings)) ?? driver;
const running = await sandbox.start(program, LIMITS, stage);
running.stdout.pipe(process.stdout);
running.stderr.pipe(process.stderr);
await running.ended;
