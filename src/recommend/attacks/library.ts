import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { type Attack, AttackFile } from './attack.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'data', 'attacks');

function read(file: string): Attack {
  const result = AttackFile.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
  if (!result.success) throw new Error(`data/attacks/${file}: ${result.error.message}`);
  return { id: basename(file, '.yaml'), ...result.data };
}

// Read when first asked for: a tenth of a second that most commands and tests have no use for.
let known: ReadonlyMap<string, Attack> | undefined;

function byId(): ReadonlyMap<string, Attack> {
  known ??= new Map(
    globSync('*.yaml', { cwd: folder })
      .map(read)
      .sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? 1 : -1))
      .map((attack) => [attack.id, attack]),
  );
  return known;
}

/** Every documented attack of data/attacks, the newest first. Throws, naming the file, where one is broken. */
export function allAttacks(): readonly Attack[] {
  return [...byId().values()];
}

/** A documented attack by the name of its file. */
export function attackById(id: string): Attack | undefined {
  return byId().get(id);
}
