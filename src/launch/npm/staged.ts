import { cp, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NPM_PROGRAM } from '#core/npm-network.ts';
import { isUnavailable } from '../resolver.ts';
import { obtainTree } from '../trees.ts';

const PROGRAM = dirname(dirname(NPM_PROGRAM));

const underWay = new Map<string, Promise<string>>();

/** A copy of the pinned npm that the sandbox's user can read, wherever the project lies. Installs that begin together share it. */
export function stagedNpm(stage: string): Promise<string> {
  const known = underWay.get(stage) ?? copied(stage).finally(() => underWay.delete(stage));
  underWay.set(stage, known);
  return known;
}

async function copied(stage: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(PROGRAM, 'package.json'), 'utf8')) as { version: string };
  const artefact = { purl: 'pkg:generic/npm', name: 'npm', version, integrity: 'pinned' };
  const copy = await obtainTree({ stage }, 'npm-program', artefact, async (folder) => {
    await cp(PROGRAM, folder, { recursive: true });
    return undefined;
  });
  if (isUnavailable(copy)) throw new Error(copy.detail);
  return copy.tree;
}
