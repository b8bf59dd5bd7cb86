import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { WrongUse } from '#core/errors.ts';
import { visible, visibleLine } from '#core/visible.ts';
import type { Policy, Profile } from '#domain/policy.ts';
import { type Exported, type Exporter, loadExporters, type WriteOptions } from '#publish/formats/exporter.ts';
import { narrow, recommend } from '#recommend/recommend.ts';
import { Wishes, withWishes } from '#recommend/wishes.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import type { World } from '#world.ts';

/** What `--allow`, `--deny` and a profile file together wish for. Throws `WrongUse` for a file that says something else. */
export async function wishesOf(given: Wishes, file: string | undefined): Promise<Wishes> {
  if (file === undefined) return withWishes({}, given);
  let text: unknown;
  try {
    text = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new WrongUse(`${file} cannot be read: ${visibleLine((error as Error).message)}`);
  }
  const parsed = Wishes.safeParse(text ?? {});
  if (!parsed.success) throw new WrongUse(`${file} is not a profile file:\n${visible(z.prettifyError(parsed.error))}`);
  return withWishes(parsed.data, given);
}

export interface ExportOptions extends WriteOptions {
  readonly format: string;
  readonly profile: Profile;
  /** What the operator wants on top of the profile. */
  readonly wishes?: Wishes | undefined;
  /** The rule of this tool only. */
  readonly tool?: string | undefined;
}

/** The policies of some servers in one format; or why they cannot be had, in a sentence that says what to do. */
export async function exportPolicies(
  world: Pick<World, 'db' | 'blocked'>,
  keys: readonly string[],
  options: ExportOptions,
): Promise<(Exported & { readonly exporter: Exporter }) | { readonly why: string }> {
  const exporters = await loadExporters();
  const exporter = exporters.get(options.format);
  if (!exporter)
    return {
      why: `There is no format '${visibleLine(options.format)}'. Formats are ${[...exporters.keys()].join(', ')}.`,
    };
  // Two keys may lead to one server, which is written once.
  const policies = new Map<string, Policy>();
  for (const key of keys) {
    const policy = await policyOf(world, key, options);
    if ('why' in policy) return policy;
    policies.set(policy.server, policy);
  }
  const unknown = unknownTools(options.wishes ?? {}, [...policies.values()]);
  if (unknown.length > 0)
    return {
      why: `No tool of these servers is called ${unknown.map((name) => `'${visibleLine(name)}'`).join(', ')}. Names are exact; export with --json lists them.`,
    };
  return { exporter, ...exporter.write([...policies.values()], options) };
}

/** Names that are wished for and that nothing has: a misspelt `deny` must not pass for one. */
function unknownTools({ allow = [], deny = [], limits = {} }: Wishes, policies: readonly Policy[]): readonly string[] {
  const known = new Set(policies.flatMap(({ tools }) => Object.keys(tools)));
  return [...new Set([...allow, ...deny, ...Object.keys(limits)])].filter((name) => !known.has(name));
}

async function policyOf(
  { db, blocked }: Pick<World, 'db' | 'blocked'>,
  key: string,
  { profile, tool, wishes }: ExportOptions,
): Promise<Policy | { readonly why: string }> {
  const found = await findServer(db, key, [...blocked.keys()]);
  if (!found)
    return {
      why: `The catalogue knows no server '${visibleLine(key)}'. Give its id (npm:@scope/name), slug or purl; a crawl brings new ones.`,
    };
  const policy = recommend(found.server, profile, wishes);
  if (tool === undefined) return policy;
  if (!Object.hasOwn(policy.tools, tool))
    return {
      why: `${found.server.id} has no tool '${visibleLine(tool)}'. It has ${Object.keys(policy.tools).map(visibleLine).join(', ')}.`,
    };
  return narrow(policy, [tool]);
}
