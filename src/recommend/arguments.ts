import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Condition, Profile, Rule } from '#domain/policy.ts';
import { wordsOf } from './kinds.ts';
import { named, type Parameter, parametersOf } from './parameters.ts';
import {
  atDomains,
  belowFolders,
  belowHosts,
  CHANGING_SQL,
  INNER_HOST,
  READ_ONLY_SQL,
  SECRET_PLACE,
  UPWARDS,
} from './patterns.ts';
import type { Wishes } from './wishes.ts';

/** What is asked of the arguments of a tool, and why. */
export type ArgumentRules = Pick<Rule, 'require' | 'deny_if'> & {
  readonly why: readonly string[];
  /** A call that keeps them changes nothing. */
  readonly harmless: boolean;
};

type Denial = NonNullable<Rule['deny_if']>[number];
interface Found {
  readonly require?: readonly Condition[];
  readonly denyIf?: readonly Denial[];
  readonly harmless?: true;
  readonly why: string;
}

const MAIN_BRANCHES = ['main', 'master', 'trunk', 'production', 'prod', 'release', 'stable'];
/** Where nobody is asked and no operator said otherwise: one payment's most, in the server's units. */
const AMOUNT = 100;

const path = ({ name }: Parameter) => `args.${name}`;

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
const ofThings = named(
  ...[
    'id',
    'item',
    'file',
    'path',
    'message',
    'email',
    'recipient',
    'record',
    'row',
    'entity',
    'user',
    'issue',
    'page',
  ],
  ...['operation', 'request', 'update', 'action', 'document', 'key', 'name', 'relation', 'observation', 'deletion'],
);
const ofDryRun = named('dry_run', 'dryrun', 'simulate', 'validate_only', 'preview_only');
const ofSql = named('sql', 'sql_query', 'sql_statement', 'statement');

/**
 * Rules on the arguments of an assessed tool: what its operator bounds, and what holds for everybody. Only arguments that
 * the schema has at its top, of a type that a comparison can be made with, are ever named; of a list every value is held
 * to the rule. A condition that must hold denies a call that leaves the argument out; a bound bears only on calls that
 * carry it.
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
  const number = (one.type === 'number' || one.type === 'integer') && !one.list;
  if (text && ofHost(one)) return [bounds.hosts ? onlyHosts(one, bounds.hosts) : noInnerHost(one)];
  if (text && !isRoute(one) && (ofPath(one) || (ofEnd(one) && movesFiles(tool))))
    return [bounds.paths ? onlyPaths(one, bounds.paths) : noSecretPlace(one), ...fewItems(one, tool, bounds)];
  if (text && ofRecipient(one) && bounds.domains && category !== 'Read')
    return [onlyDomains(one, bounds.domains), ...fewItems(one, tool, bounds)];
  if (text && ofBranch(one) && category !== 'Read' && writesToBranch(tool))
    return [noBranch(one, bounds.branches ?? MAIN_BRANCHES)];
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
  if (one.type === 'boolean' && !one.list && ofDryRun(one) && profile === 'read-only' && category !== 'Read')
    return [dryRun(one)];
  return fewItems(one, tool, bounds);
}

/** What every value of the argument must keep. */
function every(one: Parameter, value: string): Condition {
  return { path: path(one), ...(one.list && { of: 'every' }), op: 'regex', value };
}

function onlyHosts(one: Parameter, hosts: readonly string[]): Found {
  return { require: [every(one, belowHosts(hosts))], why: `Only chosen hosts may stand in '${one.name}'.` };
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
  return {
    ...denied(one, 'regex', UPWARDS, 'The path leads upwards.'),
    require: [every(one, belowFolders(folders))],
    why: `Paths in '${one.name}' must lie below a chosen folder.`,
  };
}

function noSecretPlace(one: Parameter): Found {
  return denied(one, 'regex', SECRET_PLACE, `'${one.name}' must not lead to secrets, to the system or upwards.`);
}

function onlyDomains(one: Parameter, domains: readonly string[]): Found {
  return {
    require: [every(one, atDomains(domains))],
    why: `Only recipients of chosen domains may stand in '${one.name}'.`,
  };
}

/** A bound on how many things a list names, where the operator chose one. */
function fewItems(one: Parameter, tool: CatalogueTool, { batch }: NonNullable<Wishes['arguments']>): readonly Found[] {
  if (batch === undefined || !one.list || tool.assessment!.verdict.category === 'Read' || !ofThings(one)) return [];
  const why = `'${one.name}' names at most ${batch} things in one call.`;
  return [{ denyIf: [{ conditions: [{ path: path(one), op: 'count_gt', value: batch }], on_deny: why }], why }];
}

/** Where none is named, the default branch is meant: so one must be named. */
function noBranch(one: Parameter, branches: readonly string[]): Found {
  return {
    ...denied(
      one,
      'in',
      branches.flatMap((name) => [name, `refs/heads/${name}`]),
      `'${one.name}' must be named, and not be a protected branch.`,
    ),
    require: [{ path: path(one), op: 'exists', value: true }],
  };
}

function readOnlySql(one: Parameter): Found {
  return {
    require: [every(one, READ_ONLY_SQL)],
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
  const condition: Condition = { path: path(one), ...(one.list && { of: 'some' }), op, value };
  return { denyIf: [{ conditions: [condition], on_deny: why }], why };
}

/** Whether its caller may name an address that it then reaches. */
export function takesAddress({ definition }: CatalogueTool): boolean {
  return parametersOf(definition.inputSchema).some((one) => one.type === 'string' && ofHost(one));
}

/** The path of an address, or into a document, is none of a file. */
function isRoute({ name, about }: Parameter): boolean {
  return name.toLowerCase() === 'path' && /\b(API|REST|endpoint|URL|route|slug|JSON ?path)\b/i.test(about);
}

/** What asks for a merge, goes to a branch or protects one changes nothing on it. */
function writesToBranch({ definition }: CatalogueTool): boolean {
  const words = wordsOf(definition.name);
  return !/\b((pull|merge) requests?|checkout|switch|protect)\b/.test(words.join(' '));
}

/** A query is SQL where the definition says so; many a `query` is words to search for. */
function speaksSql({ definition }: CatalogueTool): boolean {
  return /\bSQL\b/i.test(`${wordsOf(definition.name).join(' ')} ${definition.description ?? ''}`);
}

/** What is moved from a source to a destination is a file only where the tool's name says so. */
function movesFiles({ definition }: CatalogueTool): boolean {
  return wordsOf(definition.name).some((word) => /^(files?|director(y|ies)|folders?|paths?)$/.test(word));
}
