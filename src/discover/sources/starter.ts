import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { formatSpec, parsePurl, parseSpec } from '#core/purl.ts';
import type { Input, Sighting } from '#domain/server.ts';
import type { DiscoverOptions, Dropped, Source } from '../source.ts';
import { textOf } from '../texts.ts';

const FILE = join(import.meta.dirname, '../../../data/starter.yaml');

const Variable = z.object({
  name: z.string(),
  description: z.string().optional(),
  required: z.boolean().optional(),
  secret: z.boolean().optional(),
  default: z.string().optional(),
  choices: z.array(z.string()).optional(),
});

const Entry = z.object({
  package: z.string(),
  note: z.string().optional(),
  args: z.array(z.string()).optional(),
  env: z.array(Variable).optional(),
});

/** One entry of the starter list as a sighting. */
export function mapStarterEntry(entry: unknown): Sighting | Dropped {
  const parsed = Entry.safeParse(entry);
  const spec = parsed.data && parseSpec(parsed.data.package);
  const found = spec && parsePurl(spec.purl);
  if (!parsed.success || !spec || !found)
    return {
      listing: textOf((entry as { package?: unknown } | null)?.package, 214) ?? '(no package)',
      reason: parsed.success ? 'package must be written like npm:@scope/name' : z.prettifyError(parsed.error),
    };
  const { note, args, env } = parsed.data;
  return {
    source: 'starter',
    listing: formatSpec(spec.purl)!,
    name: found.name,
    packages: [{ ...spec, ...(args && { args }), ...(env && { env: env as Input[] }) }],
    remotes: [],
    status: 'active',
    ...(note !== undefined && { note }),
  };
}

async function* discover({ limit, stop }: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const entries: unknown = parse(await readFile(FILE, 'utf8'));
  if (!Array.isArray(entries)) throw new Error(`${FILE} must hold a list of packages`);
  for (const entry of entries.slice(0, limit)) {
    stop.throwIfAborted();
    yield mapStarterEntry(entry);
  }
}

export default {
  id: 'starter',
  title: 'Starter list',
  terms: 'Kept with Plimsoll, under its licence.',
  can: { sweep: true, recent: false },
  discover,
} satisfies Source;
