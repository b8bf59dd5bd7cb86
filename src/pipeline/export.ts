import { visibleLine } from '#core/visible.ts';
import type { Profile } from '#domain/policy.ts';
import { loadExporters } from '#publish/exporter.ts';
import { narrow, recommend } from '#recommend/recommend.ts';
import { findServer } from '#store/catalogue.ts';
import type { Db } from '#store/open.ts';

/** A server's policy in one format; or why it cannot be had, in a sentence that says what to do. */
export async function exportPolicy(
  db: Db,
  key: string,
  options: { readonly format: string; readonly profile: Profile; readonly tool?: string | undefined },
): Promise<string | { readonly why: string }> {
  const exporters = await loadExporters();
  const exporter = exporters.get(options.format);
  if (!exporter)
    return {
      why: `There is no format '${visibleLine(options.format)}'. Formats are ${[...exporters.keys()].join(', ')}.`,
    };
  const found = await findServer(db, key);
  if (!found)
    return {
      why: `The catalogue knows no server '${visibleLine(key)}'. Give its id (npm:@scope/name), slug or purl; a crawl brings new ones.`,
    };
  const policy = recommend(found.server, options.profile);
  const { tool } = options;
  if (tool === undefined) return exporter.write(policy);
  if (!Object.hasOwn(policy.tools, tool))
    return {
      why: `${found.server.id} has no tool '${visibleLine(tool)}'. It has ${Object.keys(policy.tools).map(visibleLine).join(', ')}.`,
    };
  return exporter.write(narrow(policy, [tool]));
}
