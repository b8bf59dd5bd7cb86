import { visibleLine } from '#core/visible.ts';
import type { Policy, Profile } from '#domain/policy.ts';
import { type Exported, type Exporter, loadExporters, type WriteOptions } from '#publish/exporter.ts';
import { narrow, recommend } from '#recommend/recommend.ts';
import { findServer } from '#store/catalogue.ts';
import type { World } from '#world.ts';

export interface ExportOptions extends WriteOptions {
  readonly format: string;
  readonly profile: Profile;
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
  return { exporter, ...exporter.write([...policies.values()], options) };
}

async function policyOf(
  { db, blocked }: Pick<World, 'db' | 'blocked'>,
  key: string,
  { profile, tool }: ExportOptions,
): Promise<Policy | { readonly why: string }> {
  const found = await findServer(db, key, [...blocked.keys()]);
  if (!found)
    return {
      why: `The catalogue knows no server '${visibleLine(key)}'. Give its id (npm:@scope/name), slug or purl; a crawl brings new ones.`,
    };
  const policy = recommend(found.server, profile);
  if (tool === undefined) return policy;
  if (!Object.hasOwn(policy.tools, tool))
    return {
      why: `${found.server.id} has no tool '${visibleLine(tool)}'. It has ${Object.keys(policy.tools).map(visibleLine).join(', ')}.`,
    };
  return narrow(policy, [tool]);
}
