/**
 * Prefixes by which services mark their tokens, as their documentation and public secret scanners give them. Such a
 * word is removed only with twelve letters and digits in a row behind it, one of them a digit: names of packages begin
 * like that too.
 */
const PREFIXES = [
  ...[
    'sk[-_]',
    'pk[-_]',
    'rk[-_]',
    'gh[oprsu]_',
    'github_pat_',
    'gl[a-z]{2,5}-',
    'xox[a-z]-',
    'xapp-',
    'npm_',
    'pypi-',
  ],
  ...['hf_', 'shp(?:at|ss|ca|pa)_', 'do[opr]_v1_', 'sntry[su]_', 'AKIA', 'ASIA', 'AROA', 'AIza', 'ya29\\.', 'GOCSPX-'],
  ...[
    'SG\\.',
    'whsec_',
    'lin_(?:api|oauth)_',
    'ntn_',
    'secret_',
    'fig[do]_',
    'dapi',
    'dp\\.[a-z]{2,5}\\.',
    'hv[brs]\\.',
  ],
  ...[
    'sbp_',
    'PMAK-',
    'NRAK-',
    'glsa_',
    'glc_',
    'AT[ABC][A-Z]{2}',
    'pat(?=\\w{14}\\.)',
    'tvly-',
    'fc-',
    'pplx-',
    'gsk_',
  ],
  ...['r8_', 'xai-', 'nvapi-', 'sq0[a-z]{3}-', 'EAA', 'pscale_[a-z]{2,5}_', 'apify_api_', 'ph[cx]_', 'dckr_[a-z]{3}_'],
  ...['key-', 'eyJ'],
];
/** Where a word begins, also after a line break that a program wrote out as an escape. */
const BEGINS = '(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))';
const MARKED = `${BEGINS}(?:${PREFIXES.join('|')})(?=[\\w.-]{0,40}?(?=[A-Za-z]{0,11}\\d)[A-Za-z0-9]{12})[\\w.~+/-]{12,4000}(?:=[\\dA-F]{8}|={0,2})`;

/** Words that, at the end of a name, say that its value is a secret. */
const CALLED = [
  ...[
    'authorization',
    'bearer',
    'password',
    'passwd',
    'passphrase',
    'pwd',
    'secret',
    'token',
    'credentials?',
    'cookie',
  ],
  ...[
    'session[-_]?id',
    'sid',
    'sig',
    'signature',
    '(?:api|account|access|private|secret|auth)[-_]?key',
    'x-[a-z-]{1,20}-key',
  ],
].join('|');
const NAME = `(?<![\\w.-])[\\w.-]{0,80}?(?:${CALLED})(?:_(?:id|value|key|hash|\\d{1,3}))?(?![\\w-])`;
/** `name=value` and `name: value` as variables, addresses, JSON and YAML have them. */
const NAMED = new RegExp(
  `(${NAME})((?:\\\\{0,3}["'])?\\s{0,4}(?:=>|[:=])\\s{0,4})(?:\\\\{1,3}"([^"\\\\\\n]{1,4000})\\\\{1,3}"|"([^"\\n]{1,4000})"|'([^'\\n]{1,4000})'|([^\\s"',;&]{1,4000}))`,
  'gi',
);
const OPTION = new RegExp(`(--(?:[\\w-]{0,80}?)(?:${CALLED})\\s{1,4})([^\\s"'<[-][^\\s"']{3,4000})`, 'gi');
/** Beginnings of what stands for a value, or complains of one, and is none. */
const NO_VALUE =
  /^(?:[[<${%]|\*+$|\.{3}|(?:is|are|was|not|no|none|null|undefined|true|false|empty|unset|missing|absent|invalid|required?|optional|expected|must|should|cannot|can|could|please|set|provided?|given|unknown|expired|rejected|denied|failed|found|string|number|boolean|object|array|value|error|unauthorized|forbidden|the|an?|your|for|from|with|in|of|to|and|or)(?![\w-]))/i;

/** Whether it is words put together, in whatever case: `k8s_set_resourcesFor`, `TFT14_Item_Emblem`. No random word is. */
function isName(text: string): boolean {
  const words = text.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  return words.join('').length >= text.length / 2;
}
/** An account on a chain of blocks is public. */
const ACCOUNT = /^0x[\da-f]{40}$/i;
const isToken = (word: string) => !isName(word) && !ACCOUNT.test(word);
/** A word of a sentence that goes on after `name: `, in any script: `WordPress`, not `hunter2`. */
const PROSE = /^(?:\p{Lu}?\p{Ll}+|[\p{L}\p{M}]{1,12})[.!?]?$/u;

const SHAPES: readonly (readonly [RegExp, string | ((word: string) => string)])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z ]{0,60}-----|$)/g, '[private key]'],
  [/\b(hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks)\/[\w/-]{12,400}/g, '$1/[secret]'],
  [/(:\/\/[^\s:/@]{0,200}:)[^\s@/]{1,400}@/g, '$1[password]@'],
  [/(:\/\/)(?=[^\s:/@]{0,400}\d)[^\s:/@]{16,400}@/g, '$1[token]@'],
  [
    /\b((?:set-)?cookie|(?:proxy-)?authorization)(["']?\s{0,4}:\s{0,4}["']?)(?=[^\n"']{0,400}[\d=])[^\n"']{8,4000}/gi,
    '$1$2[secret]',
  ],
  // Telegram's and Discord's bots.
  [/(?<!\d)\d{8,12}:[\w-]{32,48}(?![\w-])/g, '[token]'],
  [/(?<![\w.-])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,40}(?![\w-])/g, '[token]'],
  [new RegExp(MARKED, 'g'), '[token]'],
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s{1,8}(?=[\w.~+/-]{0,400}(?:[\d+=]|[a-z][A-Z][\w+]{0,400}\/|\/[\w+]{0,400}[a-z][A-Z]))[\w.~+/-]{8,4000}={0,2}/g,
    '$1 [secret]',
  ],
  [new RegExp(`${BEGINS}[0-9a-f]{32,4000}(?![0-9A-Za-z])`, 'gi'), '[hex]'],
  // A long random word; one with many slashes is a path.
  [
    /(?<![\w+/])(?![\w+]{0,60}\/[\w+]{0,60}\/[\w+]{0,60}\/)(?=[\w+/]{0,400}?\d)(?=[\w+/]{0,400}?[a-z])(?=[\w+/]{0,400}?[A-Z])[\w+/]{32,4000}={0,2}/g,
    (word) => (isToken(word) ? '[token]' : word),
  ],
];

/** Those that nothing else can be mistaken for, not even in an address or a hash. */
const UNMISTAKABLE = /PRIVATE KEY|webhooks|sk\[-_\]/;

/** Every shape above holds one of these, and most texts none. */
const MAY_HOLD = /[\d=:@/]|--/;
/** The same for what only a name gives away. */
const MAY_NAME = /authori|bearer|passw|passp|pwd|secret|token|credential|cookie|session|sid|sig|key/i;

/** A text with everything out of it that looks like a credential. Linear in its length, whatever it holds. */
export function withoutSecrets(text: string): string {
  if (!MAY_HOLD.test(text)) return text;
  let clean = text;
  for (const [shape, name] of SHAPES)
    clean = typeof name === 'string' ? clean.replace(shape, name) : clean.replace(shape, name);
  if (!MAY_NAME.test(clean)) return clean;
  clean = clean.replace(
    NAMED,
    (all: string, name: string, is: string, ...[escaped, double, single, bare]: (string | undefined)[]) => {
      const value = escaped ?? double ?? single ?? bare ?? '';
      // After a colon and a blank a plain word is a sentence going on.
      const prose = bare !== undefined && /:\s/.test(is) && PROSE.test(value);
      return value.length < 4 || NO_VALUE.test(value) || prose ? all : `${name}${is}[secret]`;
    },
  );
  return clean.replace(OPTION, (all: string, option: string, value: string) =>
    /[\dA-Z_]/.test(value) ? `${option}[secret]` : all,
  );
}

/** The same, for a text that programs go on reading: addresses, hashes and names in it stay what they are. */
export function withoutMarkedSecrets(text: string): string {
  let clean = text;
  for (const [shape, name] of SHAPES)
    if (typeof name === 'string' && UNMISTAKABLE.test(shape.source)) clean = clean.replace(shape, name);
  return clean;
}

/** The same for every string in a value, keys included. What is neither object, list nor text is left as it is. */
export function withoutSecretsIn<T>(value: T): T {
  if (typeof value === 'string') return withoutSecrets(value) as T;
  if (Array.isArray(value)) return value.map(withoutSecretsIn) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [withoutSecrets(name), withoutSecretsIn(one)]),
  ) as T;
}

/**
 * The address of a service without what its owner alone should know: user and password, and what a query says of keys.
 * Undefined where the path itself holds such a thing, as addresses do that are made for one customer.
 */
export function addressWithoutSecrets(address: string): string | undefined {
  const url = URL.parse(address);
  if (!url) return address;
  if (url.pathname.split('/').some((part) => withoutSecrets(part) !== part)) return undefined;
  const telling = [...url.searchParams].filter(
    ([name, value]) => withoutSecrets(`?${name}=${value}`) !== `?${name}=${value}`,
  );
  if (url.username === '' && url.password === '' && telling.length === 0) return address;
  [url.username, url.password] = ['', ''];
  for (const [name] of telling) url.searchParams.delete(name);
  return url.href;
}
