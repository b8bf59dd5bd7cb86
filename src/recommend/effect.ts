import type { Approval, Limit, Policy, Rule } from '#domain/policy.ts';
import { code, type Prose, prose } from './prose.ts';

/** What a policy does to a tool, in one word. `conditional` is a rule that looks at the arguments only. */
export type Effect = 'allowed' | 'limited' | 'approved' | 'limited-approved' | 'conditional' | 'hidden' | 'denied';

/** Names of the effects as a page shows them. */
export const EFFECT_TITLES: Readonly<Record<Effect, string>> = {
  allowed: 'Allowed',
  limited: 'Capped',
  approved: 'Asks a person',
  'limited-approved': 'Capped, asks a person',
  conditional: 'Allowed with conditions',
  hidden: 'Hidden',
  denied: 'Denied',
};

/** What the policy does to calls of this tool; a tool it does not name is denied. Never looks beyond the policy. */
export function effectOf(policy: Policy, tool: string): Effect {
  if (policy.hide.includes(tool)) return 'hidden';
  const rule = ruleOf(policy, tool);
  if (!rule || rule.deny) return 'denied';
  if (rule.approve) return rule.limits ? 'limited-approved' : 'approved';
  if (rule.limits) return 'limited';
  return rule.require || rule.deny_if ? 'conditional' : 'allowed';
}

/** The rule for a tool by its exact name; `constructor` and its like find nothing but rules. */
export function ruleOf(policy: Policy, tool: string): Rule | undefined {
  return Object.hasOwn(policy.tools, tool) ? policy.tools[tool] : undefined;
}

/** One sentence on what the policy does to the tool. */
export function effectSentence(policy: Policy, tool: string): Prose {
  const rule = ruleOf(policy, tool);
  const name = code(tool);
  const caps = limitsInWords(rule?.limits ?? []);
  const asks = rule?.approve ? approvalInWords(rule.approve) : '';
  switch (effectOf(policy, tool)) {
    case 'hidden':
      return prose`${name} vanishes from the list of tools, and calls to it are denied.`;
    case 'denied':
      return rule?.deny
        ? prose`${name} is denied. ${rule.deny.reason}`
        : prose`${name} is denied, as is every tool that the policy does not name.`;
    case 'limited':
      return prose`${name} stays usable but capped: ${caps}; a call above that is denied.`;
    case 'approved':
      return prose`${name} waits for a person: ${asks}.`;
    case 'limited-approved':
      return prose`${name} waits for a person: ${asks}. It is capped too: ${caps}.`;
    case 'conditional':
      return prose`${name} stays usable where the arguments keep the conditions; any other call is denied.`;
    case 'allowed':
      return prose`${name} stays usable without a limit.`;
  }
}

/** Limits in words: “at most 30 calls a minute for each grant”. */
export function limitsInWords(limits: readonly Limit[]): string {
  return limits.map(({ max, window, scope }) => `at most ${max} calls ${AN[window]} ${SCOPES[scope]}`).join(' and ');
}

const AN = { minute: 'a minute', hour: 'an hour', day: 'a day' } as const;
const SCOPES = { grant: 'for each grant', session: 'in each session', server: 'for everybody together' } as const;

function approvalInWords({ by, timeout, show }: Approval): string {
  const whom = by === 'user' ? 'the user' : 'an operator';
  return `each call is shown to ${whom} (${show.join(', ')}) and denied without a yes within ${durationInWords(timeout)}`;
}

/** `PT5M` as “5 minutes”. Throws for what is no duration of hours, minutes and seconds. */
export function durationInWords(iso: string): string {
  const match = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(iso);
  if (!match) throw new RangeError(`'${iso}' is not a duration of hours, minutes and seconds`);
  const units = ['hour', 'minute', 'second'];
  return match
    .slice(1)
    .flatMap((count, at) =>
      count === undefined ? [] : [`${Number(count)} ${units[at]}${Number(count) === 1 ? '' : 's'}`],
    )
    .join(' ');
}
