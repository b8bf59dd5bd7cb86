import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Profile, Rule } from '#domain/policy.ts';
import {
  isRoute,
  ofAmount,
  ofBatch,
  ofBranch,
  ofDryRun,
  ofEnd,
  ofHost,
  ofPath,
  ofRecipient,
  ofSql,
  ofThings,
} from './argument-names.ts';
import {
  atMost,
  type Bound,
  dryRun,
  fewer,
  noBranch,
  noInnerHost,
  noSecretPlace,
  onlyDomains,
  onlyHosts,
  onlyPaths,
  readOnlySql,
} from './bounds.ts';
import { wordsOf } from './kinds.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import type { Wishes } from './wishes.ts';

/** What is asked of the arguments of a tool, and why. */
export type ArgumentRules = Pick<Rule, 'require' | 'deny_if'> & {
  readonly why: readonly string[];
  /** A call that keeps them changes nothing. */
  readonly harmless: boolean;
};

const MAIN_BRANCHES = ['main', 'master', 'trunk', 'production', 'prod', 'release', 'stable'];
/** Where nobody is asked and no operator said otherwise: one payment's most, in the server's units. */
const AMOUNT = 100;

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
): readonly Bound[] {
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

/** A bound on how many things a list names, where the operator chose one. */
function fewItems(one: Parameter, tool: CatalogueTool, { batch }: NonNullable<Wishes['arguments']>): readonly Bound[] {
  if (batch === undefined || !one.list || tool.assessment!.verdict.category === 'Read' || !ofThings(one)) return [];
  return [fewer(one, batch)];
}

/** Whether its caller may name an address that it then reaches. */
export function takesAddress({ definition }: CatalogueTool): boolean {
  return parametersOf(definition.inputSchema).some((one) => one.type === 'string' && ofHost(one));
}

/** What asks for a merge, goes to a branch or protects one changes nothing on it. */
function writesToBranch({ definition }: CatalogueTool): boolean {
  const words = wordsOf(definition.name);
  return !/\b((pull|merge) requests?|checkout|switch|protect)\b/.test(words.join(' '));
}

/** A query is SQL where the definition says so; many a `query` is words to search for. */
function speaksSql({ definition }: CatalogueTool): boolean {
  const said = `${wordsOf(definition.name).join(' ')} ${definition.description ?? ''}`;
  return /\b(my|postgre|ms)?sql(ite)?\b/i.test(said) || /\bSELECT (query|queries|statements?)\b/.test(said);
}

/** What is moved from a source to a destination is a file only where the tool's name says so. */
function movesFiles({ definition }: CatalogueTool): boolean {
  return wordsOf(definition.name).some((word) => /^(files?|director(y|ies)|folders?|paths?)$/.test(word));
}
