import { addressWithoutSecrets, withoutMarkedSecrets, withoutSecrets, withoutSecretsIn } from '#core/secrets.ts';
import type { Enumeration } from '#domain/launch.ts';
import type { Sighting } from '#domain/server.ts';
import type { ToolDefinition } from '#domain/tool.ts';

/** The fields of a sighting that are prose or values; the others name something, and would name another if changed. */
const PROSE = new Set([
  'title',
  'description',
  'homepage',
  'note',
  'hint',
  'default',
  'value',
  'choices',
  'args',
  'readme',
]);

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

/** Names of variables and options whose value is a secret, if it is one at all. */
const TELLING = /(?:key|token|secret|password|passwd|auth|credentials?)(?:_?\d)?$/i;
/** What a person did not choose to be read: no path, no address, no word. */
const RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[\w+=~-][\w+/=.~-]{11,}$/;

function cleaned(value: unknown, field: string): unknown {
  if (typeof value === 'string') return PROSE.has(field) ? withoutSecrets(value) : value;
  if (Array.isArray(value))
    return value.map((one, at) => (isTold(value[at - 1], one) ? '[secret]' : cleaned(one, field)));
  if (value === null || typeof value !== 'object') return value;
  const { name: given } = value as { readonly name?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      PROSE.has(name) && isTold(given, one) ? '[secret]' : cleaned(one, name),
    ]),
  );
}

/** Whether a value is the secret that the name before it announces, as in `--api-key VALUE`. */
function isTold(name: unknown, value: unknown): boolean {
  return typeof name === 'string' && typeof value === 'string' && TELLING.test(name) && RANDOM.test(value);
}

/** The same for what a host answered, which is kept to be read again: in JSON its prose, else what is unmistakable. */
export function publishableAnswer(body: string): string {
  try {
    return JSON.stringify(cleaned(JSON.parse(body), ''));
  } catch {
    return withoutMarkedSecrets(body);
  }
}
