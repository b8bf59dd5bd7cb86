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

/** Every documented attack of data/attacks, the newest first. */
export const ATTACKS: readonly Attack[] = globSync('*.yaml', { cwd: folder })
  .map(read)
  .sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? 1 : -1));

const byId = new Map(ATTACKS.map((attack) => [attack.id, attack]));

/** A documented attack by the name of its file. */
export function attackById(id: string): Attack | undefined {
  return byId.get(id);
}
