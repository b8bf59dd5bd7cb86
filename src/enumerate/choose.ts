import { join } from 'node:path';
import { WrongUse } from '#core/errors.ts';
import { plugins } from '#core/plugins.ts';
import type { Sandbox, SandboxSettings } from './sandbox.ts';
import { type Check, selfTest } from './self-test/self-test.ts';

export interface SandboxReport {
  readonly id: string;
  readonly title: string;
  readonly usable: boolean;
  /** Why it is not usable, and what to install. */
  readonly reason?: string;
  readonly checks: readonly Check[];
}

export interface Choice {
  /** Absent where none passed: then nothing of a stranger's may run. */
  readonly sandbox?: Sandbox;
  readonly reports: readonly SandboxReport[];
}

/** All drivers as the settings want them, the strongest first. */
export async function loadSandboxes(settings: SandboxSettings): Promise<readonly Sandbox[]> {
  const all = await plugins<Sandbox>(join(import.meta.dirname, 'sandboxes'));
  return all.map((one) => one.configured?.(settings) ?? one).toSorted((a, b) => b.strength - a.strength);
}

/** Looks at one driver: whether it can be used here, tried from inside. Whatever goes wrong makes it unusable. */
export async function examineSandbox(sandbox: Sandbox, stage: string): Promise<SandboxReport> {
  const { id, title } = sandbox;
  try {
    const refusal = await sandbox.refuses();
    if (refusal !== undefined) return { id, title, usable: false, reason: refusal, checks: [] };
    const checks = await selfTest(sandbox, stage);
    const broken = checks.filter((check) => !check.held && sandbox.holds[check.name] !== undefined);
    if (broken.length === 0) return { id, title, usable: true, checks };
    const reason = `its self-test failed: ${broken.map(({ name, how }) => `${name} (${how})`).join(', ')}`;
    return { id, title, usable: false, reason, checks };
  } catch (error) {
    return { id, title, usable: false, reason: `it could not be started: ${(error as Error).message}`, checks: [] };
  }
}

/**
 * The sandbox to launch servers in: `auto` is the strongest that passes its self-test, a name is that one or nothing,
 * `none` is none at all.
 * `every` looks at all of them for their reports. Throws `WrongUse` for a name that no driver has.
 */
export async function chooseSandbox(
  wanted: string,
  options: { readonly stage: string; readonly settings: SandboxSettings; readonly every?: boolean },
): Promise<Choice> {
  if (wanted === 'none') return { reports: [] };
  const known = await loadSandboxes(options.settings);
  const candidates = wanted === 'auto' ? known : known.filter(({ id }) => id === wanted);
  if (candidates.length === 0)
    throw new WrongUse(
      `There is no sandbox '${wanted}'. There are auto, ${known.map(({ id }) => id).join(', ')} and none.`,
    );
  const reports: SandboxReport[] = [];
  let sandbox: Sandbox | undefined;
  for (const candidate of candidates) {
    if (sandbox && !options.every) break;
    const report = await examineSandbox(candidate, options.stage);
    reports.push(report);
    if (report.usable) sandbox ??= candidate;
  }
  return { reports, ...(sandbox && { sandbox }) };
}
