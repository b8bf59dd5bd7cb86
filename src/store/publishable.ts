import { addressWithoutSecrets, withoutSecrets, withoutSecretsIn } from '#core/secrets.ts';
import type { Enumeration } from '#domain/launch.ts';
import type { Sighting } from '#domain/server.ts';
import type { ToolDefinition } from '#domain/tool.ts';

/** The fields of a sighting that are prose or values; the others name something, and would name another if changed. */
const PROSE = new Set(['title', 'description', 'homepage', 'note', 'hint', 'default', 'value', 'choices', 'args']);

/**
 * A definition as it is kept and shown. Packages are public, and some carry a key in a default or an example: it is not
 * ours to spread, so `[token]` stands in its place before anything is stored or judged, and quotes of it are quotes of
 * what is shown. The fingerprint stays that of what the server says, which is what a gateway compares.
 */
export function publishableTool(tool: ToolDefinition): ToolDefinition {
  return { ...withoutSecretsIn(tool), name: tool.name };
}

/** The same for what else a server said, and for what its program wrote. */
export function publishableVisit(found: Enumeration): Enumeration {
  const { tools, ...rest } = found;
  return { ...withoutSecretsIn(rest), tools };
}

/** The same for a listing. A remote address that holds a key in its path is one customer's own, and is left out. */
export function publishableSighting(sighting: Sighting): Sighting {
  const remotes = sighting.remotes.flatMap((remote) => {
    const url = addressWithoutSecrets(remote.url);
    return url === undefined ? [] : [{ ...remote, url }];
  });
  return cleaned({ ...sighting, remotes }, '') as Sighting;
}

function cleaned(value: unknown, field: string): unknown {
  if (typeof value === 'string') return PROSE.has(field) ? withoutSecrets(value) : value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, field));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, name)]));
}
