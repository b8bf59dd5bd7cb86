import type { Approval, Condition, Limit, Policy, Rule } from '#domain/policy.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import type { Abilities, Loss, WriteOptions } from './exporter.ts';

/** What a file says of one tool, once the format's abilities are taken into account. */
export interface Decision {
  readonly tool: string;
  readonly verb: 'allow' | 'ask' | 'deny' | 'hide';
  /** False where the format would misread the name: the file must not name the tool, and `verb` is what comes of that. */
  readonly spelt: boolean;
  /** Limits that the file must say beside an `allow` or `ask`; empty where the format counts nothing. */
  readonly limits: readonly Limit[];
  readonly require: readonly Condition[];
  readonly approve?: Approval;
  readonly why: readonly string[];
  readonly definition?: string;
}

/** Why a format would take a name for something else than this tool; nothing where it would not. */
export type Misread = (tool: string) => string | undefined;

/**
 * The one place where a policy loses anything: what each tool's decision is in a format that can say only so much.
 * Closed: approve becomes deny where there is no asking (or asking somebody else), limit becomes ask, else deny; a rule
 * on arguments likewise. `acceptLoss: ['limit']` alone leaves a limited tool as it would be without the limit. Tools in
 * order of name; every difference from the policy has its entry.
 */
export function downgrade(policy: Policy, can: Abilities, misread: Misread, options: WriteOptions = {}): Downgraded {
  if (options.acceptLoss !== undefined || namesIn(policy).some((tool) => misread(tool) !== undefined))
    return downgraded(policy, can, misread, options);
  const known = alike.get(policy) ?? new Map<string, Downgraded>();
  alike.set(policy, known);
  const key = keyOf(can);
  const made = known.get(key) ?? downgraded(policy, can, misread, options);
  known.set(key, made);
  return made;
}

interface Downgraded {
  readonly decisions: readonly Decision[];
  /** The same list for formats that lose the same. */
  readonly losses: readonly Loss[];
}

// Many formats can say the same: where each of them reads all names as they are, they lose the same too.
const alike = new WeakMap<Policy, Map<string, Downgraded>>();
const keys = new WeakMap<Abilities, string>();

function keyOf(can: Abilities): string {
  const key = keys.get(can) ?? JSON.stringify(can);
  keys.set(can, key);
  return key;
}

function downgraded(policy: Policy, can: Abilities, misread: Misread, options: WriteOptions): Downgraded {
  const each = namesIn(policy).map((tool) => decide(policy, tool, can, misread, options));
  const decisions = each.map(({ decision }) => decision);
  return { decisions, losses: [...wholeServer(policy, can, decisions), ...each.flatMap(({ losses }) => losses)] };
}

/** What a file says of one tool, and what it loses of that tool alone. */
interface Decided {
  readonly decision: Decision;
  readonly losses: readonly Loss[];
}

const decidedAlike = new WeakMap<Policy, Map<string, Map<string, Decided>>>();

/** The same for one tool that the policy names, without looking at the others' rules. */
export function decide(
  policy: Policy,
  tool: string,
  can: Abilities,
  misread: Misread,
  options: WriteOptions = {},
): Decided {
  const reason = misread(tool);
  if (reason !== undefined || options.acceptLoss !== undefined) return decided(policy, tool, can, reason, options);
  const key = keyOf(can);
  const formats = decidedAlike.get(policy) ?? new Map<string, Map<string, Decided>>();
  decidedAlike.set(policy, formats);
  const tools = formats.get(key) ?? new Map<string, Decided>();
  formats.set(key, tools);
  const made = tools.get(tool) ?? decided(policy, tool, can, reason, options);
  tools.set(tool, made);
  return made;
}

function decided(
  policy: Policy,
  tool: string,
  can: Abilities,
  reason: string | undefined,
  options: WriteOptions,
): Decided {
  const losses: Loss[] = [];
  const lose = (lost: Loss['lost'], became: Loss['became'], why: string) =>
    losses.push({ server: policy.server, tool, lost, became, why });
  const rule = ruleOf(policy, tool);
  const base = {
    tool,
    why: rule?.why ?? [],
    ...(rule && { definition: rule.definition }),
    limits: [],
    require: [],
    spelt: true,
  };
  if (reason !== undefined) {
    lose('name', can.unlisted, reason);
    return { decision: { ...base, verb: can.unlisted, spelt: false }, losses };
  }
  const effect = effectOf(policy, tool);
  if (effect === 'hidden' || effect === 'denied' || !rule)
    return { decision: { ...base, verb: barred(effect, can, lose) }, losses };
  const weighed = weigh(rule, can, options, lose);
  const open = weighed.verb === 'allow' || weighed.verb === 'ask';
  const decision = {
    ...base,
    verb: weighed.verb,
    limits: open && weighed.limited ? (rule.limits ?? []) : [],
    require: open && weighed.conditions ? (rule.require ?? []) : [],
    ...(weighed.verb === 'ask' && rule.approve && { approve: rule.approve }),
  };
  return { decision, losses };
}

// A policy is downgraded once for every format.
const names = new WeakMap<Policy, readonly string[]>();

/** Every tool that a policy names, in order. */
export function namesIn(policy: Policy): readonly string[] {
  const known = names.get(policy) ?? [...new Set([...Object.keys(policy.tools), ...policy.hide])].toSorted();
  names.set(policy, known);
  return known;
}

type Lose = (lost: Loss['lost'], became: Loss['became'], why: string) => void;

function barred(effect: string, can: Abilities, lose: Lose): Decision['verb'] {
  if (effect === 'hidden' && can.hide) return 'hide';
  const verb = can.deny ? 'deny' : 'ask';
  if (effect === 'hidden') lose('hide', verb, 'The format cannot take a tool out of the list.');
  else if (!can.deny) lose('deny', verb, 'The format cannot deny a tool; asking is the least it allows.');
  return verb;
}

function weigh(
  rule: Rule,
  can: Abilities,
  options: WriteOptions,
  lose: Lose,
): { readonly verb: 'allow' | 'ask' | 'deny'; readonly limited: boolean; readonly conditions: boolean } {
  const denied = can.deny ? 'deny' : 'ask';
  const asked = can.approve.length > 0 ? 'ask' : denied;
  let verb: 'allow' | 'ask' | 'deny' = 'allow';
  if (rule.approve) {
    verb = can.approve.includes(rule.approve.by) ? 'ask' : denied;
    if (can.approve.length === 0) lose('approve', denied, 'The format has no asking.');
    else if (!can.approve.includes(rule.approve.by))
      lose('approve', denied, `The format asks somebody else than the ${rule.approve.by}.`);
  }
  const limited = rule.limits !== undefined && counts(rule.limits, can);
  if (rule.limits && !limited) {
    if (verb === 'allow' && !options.acceptLoss?.includes('limit')) verb = asked;
    lose('limit', verb, can.limit ? 'The format cannot count this limit.' : 'The format counts no calls of a tool.');
  }
  const unsaid = unsaidOfArguments(rule, can);
  if (unsaid.length > 0) {
    if (verb === 'allow') verb = asked;
    lose('arguments', verb, `The format cannot say ${unsaid.join(' and ')} of arguments.`);
  }
  if (verb === 'allow' && !can.allow) {
    verb = 'ask';
    lose('allow', verb, 'The format cannot allow a tool without a question.');
  }
  return { verb, limited, conditions: unsaid.length === 0 };
}

function unsaidOfArguments({ require = [], deny_if = [] }: Rule, can: Abilities): readonly string[] {
  const each = [...require, ...deny_if.flatMap(({ conditions }) => conditions)].some(
    (one) => one.of || one.op === 'count_gt',
  );
  return [
    ...(require.length > 0 && !can.arguments.includes('require') ? ['require'] : []),
    ...(deny_if.length > 0 && !can.arguments.includes('deny_if') ? ['deny_if'] : []),
    ...(each && !can.arguments.includes('lists') ? ['values of lists'] : []),
  ];
}

function counts(limits: readonly Limit[], { limit }: Abilities): boolean {
  if (!limit) return false;
  const each = limits.every(({ window, scope }) => limit.windows.includes(window) && limit.scopes.includes(scope));
  return each && (limit.several || limits.length === 1);
}

function wholeServer(policy: Policy, can: Abilities, decisions: readonly Decision[]): Loss[] {
  const all = { server: policy.server, tool: '*' };
  const losses: Loss[] = [];
  if (can.unlisted === 'ask')
    losses.push({
      ...all,
      lost: 'default-deny',
      became: 'ask',
      why: 'The format cannot deny what it does not name; a new tool asks.',
    });
  if (!can.pin && decisions.length > 0)
    losses.push({
      ...all,
      lost: 'pin',
      became: 'unchecked',
      why: 'The format cannot hold a rule to a definition; export again when the server changes.',
    });
  if (can.limit && can.limit.stricter !== undefined && decisions.some(({ limits }) => limits.length > 0))
    losses.push({ ...all, lost: 'limit', became: 'stricter', why: can.limit.stricter });
  if (decisions.some(({ approve }) => approve))
    losses.push({
      ...all,
      lost: 'approve',
      became: 'stricter',
      why: 'The format cannot say how long an approval waits nor what is shown; an unanswered question holds the call.',
    });
  return losses;
}
