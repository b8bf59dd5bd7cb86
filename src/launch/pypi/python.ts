import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { systemProgram } from '#core/system-program.ts';
import type { Interpreter } from './wheels.ts';

/** The interpreter that sandboxes run; others on the PATH may lie where they cannot see them. */
export const PYTHON = '/usr/bin/python3';

export interface Python extends Interpreter {
  /** It has pip. */
  readonly pip: boolean;
  /** Path of uv, which is chosen over pip. */
  readonly uv?: string;
}

/** Says its version and, in the order in which pip prefers them, the tags of wheels that it takes. */
const FACTS = `
import json, sys
try:
    from pip._vendor.packaging.tags import sys_tags
    tags = [str(tag) for tag in sys_tags()]
except ImportError:
    tags = []
print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "tags": tags}))
`;
const Facts = z.object({ version: z.string(), tags: z.array(z.string()) });

let found: Promise<Python | undefined> | undefined;

/** The machine's Python, asked once a process; undefined where there is none. */
export function systemPython(): Promise<Python | undefined> {
  found ??= ask();
  return found;
}

async function ask(): Promise<Python | undefined> {
  if (!existsSync(PYTHON)) return undefined;
  try {
    const { stdout } = await promisify(execFile)(PYTHON, ['-I', '-c', FACTS], { env: {}, cwd: '/', timeout: 20_000 });
    const { version, tags } = Facts.parse(JSON.parse(stdout));
    const uv = systemProgram('uv');
    return { version, tags: tags.length > 0 ? tags : pureTags(version), pip: tags.length > 0, ...(uv && { uv }) };
  } catch {
    return undefined;
  }
}

/** The tags of wheels without compiled code, for an interpreter of this version. */
export function pureTags(version: string): readonly string[] {
  const minor = Number(version.split('.')[1]);
  const older = Array.from({ length: minor + 1 }, (_, index) => `py3${minor - index}-none-any`);
  return [`cp3${minor}-none-any`, older[0]!, 'py3-none-any', ...older.slice(1)];
}
