import type { Input } from '#domain/server.ts';

/**
 * Names that change how a server speaks or what it shows rather than whom it speaks for: a made-up value there breaks
 * more than it opens (measured: sandbox.md §2.2).
 */
const NEVER =
  /(^|_)(PORT|MODE|FORMAT|TRANSPORT|LOG|LOGS|LEVEL|LOGLEVEL|VERBOSE|DEBUG|TIMEOUT|READONLY|ENV|COLOR|TERM|TZ|LANG|SHELL|EDITOR|CI|DEPTH|LIMIT|MAX|MIN|SIZE|TTL|INTERVAL|RETRIES|TELEMETRY|PROXY|CACHE|ENABLED?|DISABLED?|ALLOW|DENY|ONLY|NO|SKIP|VERSION|TOOLS?|TOOLSETS?|FEATURES?|SCOPES?)(_|$)|^(LOG|NODE|NPM|npm|XDG|LC|OTEL|DENO|BUN|PYTHON|JEST|VITEST|AWS_LAMBDA|KUBERNETES)_|^(PATH|HOME|USER|PWD|TMPDIR|TEMP|TMP|HOSTNAME|USERPROFILE|APPDATA|LOCALAPPDATA|DISPLAY)$|^ENV_FILE$|_ENV_FILE$/;

/** Words in capitals that programs print and that are no variables. */
const NO_VARIABLE =
  /^(ERR_|E[A-Z]+_|MODULE_|UNHANDLED_|ERROR_|HTTP_|JSON_|INVALID_|MISSING_|REQUIRED_|UNKNOWN_|INTERNAL_|NOT_FOUND|SIG[A-Z]+|YOUR_|EXAMPLE_|EAI_|UV_|MCP_ERROR|UND_ERR)|_(ERROR|WARNING|EXCEPTION|FAILED)$/;

/** Where made-up addresses lead: nowhere (RFC 2606). */
export const FAKE_HOST = 'plimsoll.invalid';

/** Its driver would wait half a minute by itself. */
const MONGO = 'mongodb://db.invalid:27017/fake?serverSelectionTimeoutMS=1000';

/** A file that is there where a made-up value names it: see `inside/fake-file.cjs`. */
const FAKE_FILE = '/tmp/plimsoll-fake.json';

/** A made-up value by what a listing or a complaint calls its kind. */
const KINDS: Readonly<Record<string, string>> = {
  number: '1',
  integer: '1',
  boolean: 'true',
  filepath: FAKE_FILE,
  url: 'https://plimsoll.invalid',
  uri: 'https://plimsoll.invalid',
  uuid: '00000000-0000-4000-8000-000000000000',
  guid: '00000000-0000-4000-8000-000000000000',
  email: 'plimsoll@plimsoll.invalid',
};

/** Variables and options that name a file of credentials. */
const FILES = /(^|_)(FILE|CONFIG|CREDENTIALS_JSON|KEYFILE|KUBECONFIG|APPLICATION_CREDENTIALS|OAUTH_CREDENTIALS)(_|$)/;

export function mayFake(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{1,80}$/.test(name) && !NEVER.test(name);
}

/**
 * A value of the right kind for a variable or argument, plainly made up: hosts end in `.invalid`, and nothing has the
 * shape of a live credential. A default or a closed list of choices is used as it is.
 */
export function fakeValue(name: string, input?: Pick<Input, 'default' | 'choices' | 'format'>): string {
  if (input?.choices?.[0] !== undefined) return input.choices[0];
  if (input?.default !== undefined && input.default !== '') return input.default;
  const ofKind = KINDS[input?.format ?? ''];
  if (ofKind !== undefined) return ofKind;
  const word = name.toUpperCase().replace(/-/g, '_');
  const has = (pattern: RegExp) => pattern.test(word);
  if (has(/MONGO.*(URL|URI|CONNECTION)|MDB.*CONNECTION/)) return MONGO;
  if (has(/REDIS.*(URL|URI)/)) return 'redis://cache.invalid:6379';
  if (has(/MYSQL.*(URL|URI)/)) return 'mysql://plimsoll:fake@db.invalid:3306/fake';
  if (has(/(POSTGRES|PG|DATABASE|DB).*(URL|URI|DSN|CONNECTION)|^(DSN|DATABASE_URL)$/))
    return 'postgresql://plimsoll:fake@db.invalid:5432/fake';
  if (has(/(^|_)(URL|URI|ENDPOINT|ORIGIN|WEBHOOK|BASE|SITE|INSTANCE)(_|$)/)) return 'https://plimsoll.invalid';
  if (has(/(^|_)(HOST|HOSTNAME|DOMAIN|SERVER|ADDRESS)(_|$)/)) return FAKE_HOST;
  if (has(/E?MAIL(_|$)|(^|_)RECIPIENT/)) return 'plimsoll@plimsoll.invalid';
  if (has(/(^|_)UUID(_|$)/)) return '00000000-0000-4000-8000-000000000000';
  if (has(/(KEY|CREDENTIALS?|OAUTH|CONFIG|TOKEN|SECRETS?|ACCOUNT)_PATH$/)) return FAKE_FILE;
  if (has(/(^|_)(PATH|DIR|DIRECTORY|FOLDER|ROOT|WORKSPACE)(_|$)/)) return '/tmp';
  if (has(FILES)) return FAKE_FILE;
  if (has(/(^|_)(PHONE|NUMBER)(_|$)/)) return '+10000000000';
  if (has(/(^|_)REGION(_|$)/)) return 'us-east-1';
  return 'plimsoll-fake-value';
}

/** Whether anything given names the made-up file. */
export function givesFile({ args, env }: { readonly args: readonly string[]; readonly env: object }): boolean {
  return [...args, ...Object.values(env)].some((value) => String(value).includes(FAKE_FILE));
}

/** A made-up value for each of these that may have one. */
export function allFakes(inputs: readonly Input[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputs.filter(({ name }) => mayFake(name)).map((one) => [one.name, fakeValue(one.name, one)]),
  );
}

/** Variables that everybody knows by what a complaint calls what they lead to. */
const BY_WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bkubeconfig\b/i, ['KUBECONFIG']],
  [/application default credentials|could not load the default credentials/i, ['GOOGLE_APPLICATION_CREDENTIALS']],
  [/could not load credentials from any providers/i, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']],
  [/\bregion is missing\b/i, ['AWS_REGION']],
];

/** Variables that a program's complaint names, in its order; with the first allowed value where it tells which are. */
export function namedIn(stderr: string, known: readonly Input[]): ReadonlyMap<string, string> {
  const inputs = new Map(known.map((input) => [input.name, input]));
  const found = new Map<string, string>();
  for (const match of stderr.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)) {
    const [name] = match;
    if (found.has(name)) continue;
    // What is said up to the next name is of this one.
    const [after = ''] = stderr.slice(match.index + name.length).split(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/, 1);
    const allowed = wantedBy(after.slice(0, 240));
    // Programs number their complaints in brackets.
    const isCode = stderr[match.index - 1] === '[' && after.startsWith(']') && !inputs.has(name);
    if (isCode) continue;
    if (allowed !== undefined) found.set(name, allowed);
    else if (inputs.has(name) ? mayFake(name) : mayFake(name) && !NO_VARIABLE.test(name))
      found.set(name, fakeValue(name, inputs.get(name)));
  }
  for (const [words, names] of BY_WORDS)
    if (words.test(stderr)) for (const name of names) if (!found.has(name)) found.set(name, fakeValue(name));
  return found;
}

/** A value as a validation message right after a name wants it: of a closed list, with a beginning, or of a kind. */
function wantedBy(text: string): string | undefined {
  const [, value] =
    /(?:expected|one of|must be|allowed values?|valid values?|options?)[^'"`\w]{0,12}(?:one of)?[^'"`\w]{0,12}['"`]([\w.-]{1,40})['"`]/i.exec(
      text,
    ) ?? [];
  // Validators tell the kind in quotes as well.
  if (value !== undefined && !/^(string|number|boolean|undefined|object|array|nan)$/i.test(value)) return value;
  const [, beginning] =
    /(?:start|begin)s? with[^'"`\w]{0,3}['"`]?([\w-]{2,16}[-_]|[a-z+]{2,16}:\/\/)/i.exec(text) ?? [];
  if (beginning === 'mongodb://') return MONGO;
  if (beginning !== undefined) return `${beginning}${beginning.endsWith('/') ? FAKE_HOST : 'plimsoll-fake-value'}`;
  const [, kind = ''] =
    /(?:valid|expected|must be|invalid)\W{1,3}(?:an? )?(?:valid )?(number|integer|boolean|ur[li]|uuid|guid|e-?mail)\b/i.exec(
      text,
    ) ?? [];
  return KINDS[kind.toLowerCase().replace('-', '')];
}
