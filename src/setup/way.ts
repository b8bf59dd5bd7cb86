import type { Input, PackageRef, RemoteRef } from '#domain/server.ts';
import type { Start } from './entry.ts';
import { asDocker } from './ways/docker.ts';
import { asNpx } from './ways/npx.ts';
import { asProgram } from './ways/program.ts';
import { asUvx } from './ways/uvx.ts';
import { unwrapped } from './ways/wrapped.ts';

/** What an entry starts or reaches, once its command is understood. */
export type Way =
  | {
      readonly kind: 'package';
      readonly ref: PackageRef;
      /** Whether the configuration names one version and no other. */
      readonly pinned: boolean;
    }
  /** A file of this machine for an interpreter, or a program by its path or name where no runtime is told. */
  | {
      readonly kind: 'program';
      readonly runtime?: 'node' | 'python';
      readonly file: string;
      readonly args: readonly string[];
      readonly cwd?: string;
    }
  | { readonly kind: 'remote'; readonly remote: RemoteRef }
  | { readonly kind: 'unknown'; readonly why: string };

/** Runners that fetch what they run, each tried in turn; undefined where the words are none of its. */
const RUNNERS = [asNpx, asUvx, asDocker] as const;

/** What a start means. Pure: nothing is looked up, on disk or elsewhere. */
export function wayOf(start: Start): Way {
  if (start.kind === 'neither') return { kind: 'unknown', why: start.why };
  if (start.kind === 'remote') {
    const { type, url, headers } = start;
    const named = [...headers.keys()].map((name) => ({ name, secret: true }));
    return { kind: 'remote', remote: { type, url, ...(named.length > 0 && { headers: named }) } };
  }
  const env = [...start.env.keys()].map((name) => ({ name }));
  const words = unwrapped([start.command, ...start.args]);
  if (typeof words === 'string') return { kind: 'unknown', why: words };
  for (const runner of RUNNERS) {
    const way = runner(words);
    if (way?.kind === 'package') return { ...way, ref: withInputs(way.ref, env) };
    if (way) return way;
  }
  return asProgram(words, start.cwd);
}

function withInputs(ref: PackageRef, more: readonly Input[]): PackageRef {
  const env = new Map([...(ref.env ?? []), ...more].map((one) => [one.name, one]));
  return { ...ref, ...(env.size > 0 && { env: [...env.values()] }) };
}
