import { z } from 'zod';
import {
  address,
  addresses,
  cron,
  dollars,
  folder,
  hosts,
  images,
  key,
  listening,
  pages,
  price,
} from './setting-values.ts';

/** One setting: where it comes from, what it is when nothing is said, and what it does. README and help print these. */
interface Setting<T> {
  readonly env: string;
  readonly schema: z.ZodType<T>;
  /** The default as the table shows it; the schema holds it. */
  readonly shown: string;
  readonly about: string;
  /** Never printed, not even by doctor. */
  readonly secret?: true;
}

const setting = <T>(env: string, schema: z.ZodType<T>, shown: string, about: string, secret?: true): Setting<T> => ({
  env,
  schema,
  shown,
  about,
  ...(secret && { secret }),
});

/** Every setting there is. Nothing else reads the environment. */
export const SETTINGS = {
  home: setting(
    'PLIMSOLL_HOME',
    z.string().min(1).default('.plimsoll').transform(folder),
    '.plimsoll',
    'Folder for everything that is kept: embedded database, package cache and trees, static site, log',
  ),
  databaseUrl: setting(
    'DATABASE_URL',
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .optional(),
    '(embedded)',
    'PostgreSQL 15 or newer to use instead of the embedded database',
    true,
  ),
  sandbox: setting(
    'PLIMSOLL_SANDBOX',
    z.string().default('auto'),
    'auto',
    'Sandbox to launch servers in: auto (the strongest that passes its self-test), or one by name',
  ),
  containerEngine: setting(
    'PLIMSOLL_CONTAINER_ENGINE',
    z.enum(['auto', 'docker', 'podman']).default('auto'),
    'auto',
    'Engine of the container sandbox: docker, podman, or auto (the first that answers)',
  ),
  containerImage: setting(
    'PLIMSOLL_CONTAINER_IMAGE',
    z.string().min(1).default('plimsoll-sandbox'),
    'plimsoll-sandbox',
    'Image to run servers in that bring none, as the engine has it (npm run image makes the default); never fetched',
  ),
  containerImages: setting(
    'PLIMSOLL_CONTAINER_IMAGES',
    images,
    '(none)',
    'Images to run packages of other kinds in, which hold all that those need, as `nuget=… cargo=… golang=…`',
  ),
  containerPull: setting(
    'PLIMSOLL_CONTAINER_PULL',
    z.enum(['never', 'digest']).default('never'),
    'never',
    'Whether the engine may fetch the images of servers when it installs them: never, or those that a digest names',
  ),
  concurrency: setting(
    'PLIMSOLL_CONCURRENCY',
    z.coerce.number().int().min(1).max(64).optional(),
    '2 × cores',
    'Servers to launch at once',
  ),
  nightly: setting(
    'PLIMSOLL_NIGHTLY',
    cron,
    '(none)',
    'When workers begin a night, as cron writes it and in UTC: `0 2 * * *`; without it they wait for `nightly --spread`',
  ),
  treesGb: setting(
    'PLIMSOLL_TREES_GB',
    z.coerce.number().min(0).default(8),
    '8',
    'Gigabytes of installed packages to keep for the next launch; the longest unused go first',
  ),
  keepDays: setting(
    'PLIMSOLL_KEEP_DAYS',
    z.coerce.number().int().min(1).default(90),
    '90',
    'Days for which history is kept in any case; docs/database.md tells what never goes and what goes then',
  ),
  artefacts: setting(
    'PLIMSOLL_ARTEFACTS',
    z
      .string()
      .transform((text) => (text.startsWith('s3:') ? text : folder(text)))
      .refine(
        (text) => !text.startsWith('s3:') || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./-]*)?$/.test(text),
        'is not written like s3://bucket/prefix',
      )
      .optional(),
    '(none)',
    'Where workers on several machines share installed packages: a folder that all mount, or s3://bucket/prefix; without it each machine installs its own',
  ),
  s3Endpoint: setting(
    'AWS_ENDPOINT_URL_S3',
    address.optional(),
    "Amazon's",
    'Service that speaks the S3 API, for PLIMSOLL_ARTEFACTS',
  ),
  s3Region: setting(
    'AWS_REGION',
    z
      .string()
      .regex(/^[\w-]+$/)
      .default('us-east-1'),
    'us-east-1',
    'Region of that bucket',
  ),
  s3KeyId: setting('AWS_ACCESS_KEY_ID', key, '(none)', 'Who asks there; used for PLIMSOLL_ARTEFACTS alone', true),
  s3Secret: setting('AWS_SECRET_ACCESS_KEY', key, '(none)', 'The key of whoever asks there', true),
  s3Session: setting('AWS_SESSION_TOKEN', key, '(none)', 'Its session, where the key is a temporary one', true),
  blocked: setting(
    'PLIMSOLL_BLOCKED',
    z.string().min(1).transform(folder).optional(),
    '(none)',
    'File of servers never to launch or show, in the form of data/blocked.yaml, beside those that are blocked for all',
  ),
  remotes: setting(
    'PLIMSOLL_REMOTES',
    z.enum(['ask', 'leave']).default('ask'),
    'ask',
    'Whether servers that run elsewhere are asked for their tools, without credentials, or left alone',
  ),
  host: setting('PLIMSOLL_HOST', z.string().min(1).default('localhost'), 'localhost', 'Address to serve on'),
  port: setting('PLIMSOLL_PORT', z.coerce.number().int().min(0).max(65535).default(4400), '4400', 'Port to serve on'),
  publicUrl: setting(
    'PLIMSOLL_PUBLIC_URL',
    address.optional(),
    '(none)',
    'Where the catalogue is reached from outside: for canonical links, and the name under which /mcp answers beside localhost',
  ),
  requestsPerMinute: setting(
    'PLIMSOLL_REQUESTS_PER_MINUTE',
    z.coerce.number().int().min(0).default(600),
    '600',
    'What one client may ask of the catalogue in a minute; a search counts for 5, a whole setup for 20; 0 for no limit',
  ),
  proxies: setting(
    'PLIMSOLL_PROXIES',
    z.coerce.number().int().min(0).max(10).default(0),
    '0',
    'Proxies in front of the catalogue, which tell by X-Forwarded-For who asks; without any that header is not believed',
  ),
  cacheMb: setting(
    'PLIMSOLL_CACHE_MB',
    z.coerce.number().min(0).default(128),
    '128',
    'Megabytes of answers to remember until the catalogue changes; 0 for none',
  ),
  querySeconds: setting(
    'PLIMSOLL_QUERY_SECONDS',
    z.coerce.number().min(0).max(86_400).default(8),
    '8',
    'Seconds that PostgreSQL may take for one question of pages or API, which then answer 503; 0 for as long as it takes',
  ),
  disputeUrl: setting(
    'PLIMSOLL_DISPUTE_URL',
    z
      .string()
      .refine((text) => /^(https?|mailto):/.test(text) && URL.canParse(text), 'must be an address of https: or mailto:')
      .optional(),
    '(none)',
    'Where a verdict can be disputed, for a link on pages; `{server}` and `{tool}` in it stand for slug and name',
  ),
  contact: setting(
    'PLIMSOLL_CONTACT',
    z.string().min(1).default('https://github.com/plimsoll/plimsoll'),
    'the project',
    'How a source that we ask can reach whoever runs this crawl; part of the user agent',
  ),
  registryUrl: setting(
    'PLIMSOLL_MCP_REGISTRY_URL',
    address.default('https://registry.modelcontextprotocol.io'),
    'the official one',
    'Official MCP registry, or a mirror that speaks its API',
  ),
  sourceUrls: setting(
    'PLIMSOLL_SOURCE_URLS',
    addresses,
    '(none)',
    'Mirrors to ask in place of the hosts of other sources, as `docker=https://… mcpm=https://…`',
  ),
  directories: setting(
    'PLIMSOLL_DIRECTORIES',
    pages,
    '(none)',
    'Web pages that list servers, to read with those that follow them, as their robots.txt allows',
  ),
  wellKnownHosts: setting(
    'PLIMSOLL_WELL_KNOWN_HOSTS',
    hosts,
    '(none)',
    'Hosts to ask for server cards and catalogues, beside those of remote servers that other sources name',
  ),
  githubToken: setting(
    'PLIMSOLL_GITHUB_TOKEN',
    key,
    '(none)',
    'Token for the API of GitHub; without one only its search for repositories is asked, and slowly',
    true,
  ),
  smitheryKey: setting(
    'PLIMSOLL_SMITHERY_KEY',
    key,
    '(none)',
    'API key of Smithery; without one it is not asked',
    true,
  ),
  glamaKey: setting('PLIMSOLL_GLAMA_KEY', key, '(none)', 'API key of Glama; without one it is not asked', true),
  pulsemcpKey: setting(
    'PLIMSOLL_PULSEMCP_KEY',
    key,
    '(none)',
    'API key of PulseMCP; without one it is not asked',
    true,
  ),
  pulsemcpTenant: setting('PLIMSOLL_PULSEMCP_TENANT', key, '(none)', 'Tenant that the PulseMCP key belongs to'),
  npmRegistryUrl: setting(
    'PLIMSOLL_NPM_REGISTRY_URL',
    address.optional(),
    "npm's own setting",
    'npm registry to search and to install packages from',
  ),
  npmChangesUrl: setting(
    'PLIMSOLL_NPM_CHANGES_URL',
    address.optional(),
    '(none)',
    "Feed of the registry's changes (its CouchDB replication API); without one every night searches anew",
  ),
  llmKey: setting(
    'PLIMSOLL_LLM_KEY',
    key,
    '(none)',
    'API key of the language model that judges beside the rules; without one the rules judge alone',
    true,
  ),
  llmUrl: setting(
    'PLIMSOLL_LLM_URL',
    address.default('https://api.openai.com/v1'),
    "OpenAI's",
    'Any service that speaks the OpenAI API: chat completions with structured output, for batches also files',
  ),
  llmModel: setting('PLIMSOLL_LLM_MODEL', z.string().min(1).default('gpt-5-mini'), 'gpt-5-mini', 'Model that judges'),
  llmTokens: setting(
    'PLIMSOLL_LLM_TOKENS',
    z.coerce.number().int().min(0).default(2_000_000),
    '2000000',
    'Tokens that one run may spend on the judge, in and out together',
  ),
  llmPrice: setting(
    'PLIMSOLL_LLM_PRICE',
    price,
    '(unknown)',
    'Dollars per million tokens in and out, as 0.40/1.60; without it nothing is counted in money',
  ),
  llmBudget: setting(
    'PLIMSOLL_LLM_BUDGET',
    dollars.optional(),
    '(none)',
    'Dollars that one run may spend on the judge; needs the price',
  ),
  pypiUrl: setting(
    'PLIMSOLL_PYPI_URL',
    address.default('https://pypi.org/simple/'),
    'pypi.org',
    'Index of Python packages to install from, by the address of its simple API',
  ),
  pypiBuilds: setting(
    'PLIMSOLL_PYPI_BUILDS',
    z.stringbool().default(false),
    'false',
    'Whether Python packages that come as source are built, in the sandbox in which they are installed',
  ),
  catalogueUrl: setting(
    'PLIMSOLL_CATALOGUE',
    address.optional(),
    '(none)',
    'Address of a catalogue with which a scan compares, and which answers for `mcp`; names of packages and hosts are sent there, nothing else',
  ),
  metrics: setting(
    'PLIMSOLL_METRICS',
    listening,
    '(none)',
    'Where serve, work and a crawl tell Prometheus how they are, as `9464` for this machine alone or `HOST:PORT`',
  ),
  traces: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    address.optional(),
    '(none)',
    'Collector (OTLP over HTTP) that spans of runs, jobs and requests go to; the other variables of OpenTelemetry hold too',
    true,
  ),
  alarmUrl: setting(
    'PLIMSOLL_ALARM_URL',
    address.optional(),
    '(none)',
    'Address that is told, by a POST of JSON, when a night fails, is late or waits for a stage that no worker serves, or a source halves',
    true,
  ),
  alarmCommand: setting(
    'PLIMSOLL_ALARM_COMMAND',
    z
      .string()
      .transform((text) => text.split(/\s+/).filter(Boolean))
      .optional(),
    '(none)',
    'Program that is started for the same, with its arguments after blanks and no shell; the JSON is on its standard input',
  ),
  logLevel: setting(
    'PLIMSOLL_LOG',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'info',
    'How much goes to <home>/plimsoll.log',
  ),
} as const;

export type Settings = { readonly [K in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[K]['schema']> };

/** A setting that holds something it must not. The message names the variable, what was wrong and what is expected. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/** Reads all settings from an environment; an empty variable counts as absent. Throws `BadSetting`. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const read: Record<string, unknown> = {};
  for (const [name, { env: variable, schema, about }] of Object.entries(SETTINGS)) {
    const result = (schema as z.ZodType).safeParse(env[variable] || undefined);
    if (!result.success)
      throw new BadSetting(
        `${variable} is not usable: ${result.error.issues.map((issue) => issue.message).join('; ')}. ${about}.`,
      );
    read[name] = result.data;
  }
  return read as Settings;
}
