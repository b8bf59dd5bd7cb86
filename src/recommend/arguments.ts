import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Condition, Profile, Rule } from '#domain/policy.ts';
import type { JsonObject } from '#domain/tool.ts';
import { wordsOf } from './kinds.ts';
import type { Wishes } from './wishes.ts';

/** What is asked of the arguments of a tool, and why. */
export type ArgumentRules = Pick<Rule, 'require' | 'deny_if'> & {
  readonly why: readonly string[];
  /** A call that keeps them changes nothing. */
  readonly harmless: boolean;
};

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly about: string;
}

type Denial = NonNullable<Rule['deny_if']>[number];
interface Found {
  readonly require?: readonly Condition[];
  readonly denyIf?: readonly Denial[];
  readonly harmless?: true;
  readonly why: string;
}

/** Addresses of this machine, of its network and of the services that hand out a cloud machine's credentials. */
const INNER_HOST =
  '^(file:|[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*@)?(localhost|[^/?#]*\\.(localhost|local|internal)|127\\.|10\\.|0\\.|169\\.254\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.|\\[))';
/** Where secrets and the system lie. */
const SECRET_PLACE =
  '(^|[/\\\\])(\\.ssh|\\.aws|\\.gnupg|\\.kube|\\.docker|\\.netrc|\\.npmrc|\\.pypirc|\\.env|id_rsa|id_ed25519)([/\\\\.]|$)|^/(etc|proc|sys|dev|root|boot)(/|$)|(^|[/\\\\])\\.\\.([/\\\\]|$)';
const READ_ONLY_SQL =
  '^\\s*([Ss][Ee][Ll][Ee][Cc][Tt]|[Ss][Hh][Oo][Ww]|[Dd][Ee][Ss][Cc][Rr][Ii][Bb][Ee]|[Ee][Xx][Pp][Ll][Aa][Ii][Nn]|[Ww][Ii][Tt][Hh])\\b';
/** Words that change something from within a statement that begins like a question, and a second statement. */
const CHANGING_SQL =
  ';\\s*\\S|\\b([Ii][Nn][Ss][Ee][Rr][Tt]|[Uu][Pp][Dd][Aa][Tt][Ee]|[Dd][Ee][Ll][Ee][Tt][Ee]|[Dd][Rr][Oo][Pp]|[Tt][Rr][Uu][Nn][Cc][Aa][Tt][Ee]|[Aa][Ll][Tt][Ee][Rr]|[Cc][Rr][Ee][Aa][Tt][Ee]|[Gg][Rr][Aa][Nn][Tt]|[Mm][Ee][Rr][Gg][Ee]|[Ii][Nn][Tt][Oo]|[Cc][Aa][Ll][Ll]|[Cc][Oo][Pp][Yy]|[Aa][Nn][Aa][Ll][Yy][ZzSs][Ee])\\b';
const MAIN_BRANCHES = ['main', 'master', 'trunk', 'production', 'prod', 'release', 'stable'];
/** Where nobody is asked and no operator said otherwise: one payment's most, in the server's units. */
const AMOUNT = 100;

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const path = ({ name }: Parameter) => `args.${name}`;
const named = (...words: readonly string[]) => {
  const wanted = new Set(words);
  return ({ name }: Parameter) => wanted.has(wordsOf(name).join('_'));
};

const ofHost = named(
  'url',
  'uri',
  'href',
  'link',
  'endpoint',
  'webhook',
  'webhook_url',
  'base_url',
  'page_url',
  'website',
  'callback_url',
  'target_url',
);
const ofPath = named(
  ...['path', 'file_path', 'filepath', 'file', 'filename', 'directory', 'dir', 'folder', 'dir_path', 'directory_path'],
  ...['folder_path', 'output_path', 'outputpath', 'input_path', 'source_path', 'destination_path', 'local_path'],
  ...['repo_path', 'project_path', 'output_dir', 'save_path'],
);
const ofEnd = named('source', 'destination', 'from', 'to');
const ofRecipient = named(
  'to',
  'cc',
  'bcc',
  'recipient',
  'recipients',
  'email',
  'to_email',
  'email_address',
  'recipient_email',
);
const ofBranch = named('branch', 'branch_name', 'target_branch', 'ref_name');
const ofAmount = named('amount', 'total', 'amount_cents', 'total_amount', 'payment_amount', 'max_price');
const ofBatch = named('batch_size', 'limit', 'count', 'max_items', 'batch', 'max_count');
const ofDryRun = named('dry_run', 'dryrun', 'simulate', 'validate_only', 'preview_only');
const ofSql = named('sql', 'sql_query', 'sql_statement', 'statement');

/**
 * Rules on the arguments of an assessed tool: what its operator bounds, and what holds for everybody. Only arguments that
 * the schema has at its top, of a type that a comparison can be made with, are ever named. A condition that must hold
 * denies a call that leaves the argument out; a bound bears only on calls that carry it.
 */
export function argumentRules(tool: CatalogueTool, profile: Profile, wishes: Wishes): ArgumentRules {
  const parameters = parametersOf(tool.definition.inputSchema);
  const found = parameters.flatMap((one) => rulesFor(one, tool, profile, wishes.arguments ?? {}));
  const require = found.flatMap((one) => one.require ?? []);
  const denyIf = found.flatMap((one) => one.denyIf ?? []);
  return {
    ...(require.length > 0 && { require }),
    ...(denyIf.length > 0 && { deny_if: denyIf }),
    why: [...new Set(found.map((one) => one.why))],
    harmless: found.some((one) => one.harmless),
  };
}

function rulesFor(
  one: Parameter,
  tool: CatalogueTool,
  profile: Profile,
  bounds: NonNullable<Wishes['arguments']>,
): readonly Found[] {
  const { category } = tool.assessment!.verdict;
  const text = one.type === 'string';
  const number = one.type === 'number' || one.type === 'integer';
  if (text && ofHost(one)) return [bounds.hosts ? onlyHosts(one, bounds.hosts) : noInnerHost(one)];
  if (text && !isRoute(one) && (ofPath(one) || (ofEnd(one) && movesFiles(tool))))
    return [bounds.paths ? onlyPaths(one, bounds.paths) : noSecretPlace(one)];
  if (text && ofRecipient(one) && bounds.domains && category !== 'Read') return [onlyDomains(one, bounds.domains)];
  if (text && ofBranch(one) && category !== 'Read') return [noBranch(one, bounds.branches ?? MAIN_BRANCHES)];
  if (
    text &&
    (ofSql(one) || (one.name === 'query' && speaksSql(tool))) &&
    (category === 'Read' || profile === 'read-only')
  )
    return [readOnlySql(one)];
  if (number && ofAmount(one) && category === 'Financial' && (bounds.amount !== undefined || profile === 'permissive'))
    return [atMost(one, bounds.amount ?? AMOUNT, 'one payment')];
  if (number && ofBatch(one) && category !== 'Read' && bounds.batch !== undefined)
    return [atMost(one, bounds.batch, 'one call')];
  if (one.type === 'boolean' && ofDryRun(one) && profile === 'read-only' && category !== 'Read') return [dryRun(one)];
  return [];
}

function onlyHosts(one: Parameter, hosts: readonly string[]): Found {
  const each = hosts.map((host) =>
    host.startsWith('*.') ? `([^/?#@:]+\\.)?${literal(host.slice(2))}` : literal(host),
  );
  const value = `^https?://(${each.join('|')})(:[0-9]+)?([/?#]|$)`;
  return { require: [{ path: path(one), op: 'regex', value }], why: `Only chosen hosts may stand in '${one.name}'.` };
}

function noInnerHost(one: Parameter): Found {
  return denied(
    one,
    'regex',
    INNER_HOST,
    `'${one.name}' must not name this machine, its network or a metadata service.`,
  );
}

function onlyPaths(one: Parameter, folders: readonly string[]): Found {
  const each = folders.map((folder) => literal(folder.replace(/\/+$/, '')));
  return {
    require: [{ path: path(one), op: 'regex', value: `^(${each.join('|')})(/|$)` }],
    denyIf: [{ conditions: [{ path: path(one), op: 'regex', value: '(^|/)\\.\\.(/|$)' }], on_deny: UPWARDS }],
    why: `Paths in '${one.name}' must lie below a chosen folder.`,
  };
}
const UPWARDS = 'The path leads upwards.';

function noSecretPlace(one: Parameter): Found {
  return denied(one, 'regex', SECRET_PLACE, `'${one.name}' must not lead to secrets, to the system or upwards.`);
}

function onlyDomains(one: Parameter, domains: readonly string[]): Found {
  const each = domains.map((name) =>
    name.startsWith('*.') ? `([^@,;\\s]+\\.)?${literal(name.slice(2))}` : literal(name),
  );
  const address = `[^@,;\\s<>]+@(${each.join('|')})`;
  const value = `^\\s*${address}(\\s*[,;]\\s*${address})*\\s*$`;
  return {
    require: [{ path: path(one), op: 'regex', value }],
    why: `Only recipients of chosen domains may stand in '${one.name}'.`,
  };
}

function noBranch(one: Parameter, branches: readonly string[]): Found {
  return denied(
    one,
    'in',
    branches.flatMap((name) => [name, `refs/heads/${name}`]),
    `'${one.name}' must not be a protected branch.`,
  );
}

function readOnlySql(one: Parameter): Found {
  return {
    require: [{ path: path(one), op: 'regex', value: READ_ONLY_SQL }],
    harmless: true,
    ...denied(one, 'regex', CHANGING_SQL, `SQL in '${one.name}' must only read.`),
  };
}

function atMost(one: Parameter, most: number, what: string): Found {
  return denied(one, 'gt', most, `'${one.name}' is at most ${most} in ${what}.`);
}

function dryRun(one: Parameter): Found {
  return {
    require: [{ path: path(one), op: 'eq', value: true }],
    harmless: true,
    why: `Only a trial run is let through: '${one.name}' must be true.`,
  };
}

function denied(
  one: Parameter,
  op: Condition['op'],
  value: Condition['value'],
  why: string,
): Found & { readonly denyIf: readonly Denial[] } {
  return { denyIf: [{ conditions: [{ path: path(one), op, value }], on_deny: why }], why };
}

/** Whether its caller may name an address that it then reaches. */
export function takesAddress({ definition }: CatalogueTool): boolean {
  return parametersOf(definition.inputSchema).some((one) => one.type === 'string' && ofHost(one));
}

/** The path of an address is none of a file. */
function isRoute({ name, about }: Parameter): boolean {
  return name.toLowerCase() === 'path' && /\b(API|REST|endpoint|URL|route)\b/i.test(about);
}

/** A query is SQL where the definition says so; many a `query` is words to search for. */
function speaksSql({ definition }: CatalogueTool): boolean {
  return /\bSQL\b/i.test(`${wordsOf(definition.name).join(' ')} ${definition.description ?? ''}`);
}

/** What is moved from a source to a destination is a file only where the tool's name says so. */
function movesFiles({ definition }: CatalogueTool): boolean {
  return wordsOf(definition.name).some((word) => /^(files?|director(y|ies)|folders?|paths?)$/.test(word));
}

/** Arguments at the top of a schema whose names a dotted path can say. */
function parametersOf(schema: JsonObject | undefined): readonly Parameter[] {
  const properties = asObject(schema?.properties);
  return Object.entries(properties).flatMap(([name, value]) => {
    const { type, description } = asObject(value);
    return typeof type === 'string' && /^[\w-]+$/.test(name)
      ? [{ name, type, about: typeof description === 'string' ? description : '' }]
      : [];
  });
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
