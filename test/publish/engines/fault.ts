import type { Policy } from '#domain/policy.ts';
import type { Abilities, Loss } from '#publish/formats/exporter.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import type { Outcome } from './engine.ts';

/** Whether a file of the format may name the tool at all; the policy itself names everything. */
export function readable(tool: string, id: string): boolean {
  return id === 'plimsoll' || (tool !== '' && tool.isWellFormed());
}

/** What is wrong with an outcome, if it lets through what the policy does not; or if it differs and nothing says so. */
export function fault(
  policy: Policy,
  tool: string,
  outcome: Outcome,
  can: Abilities,
  losses: readonly Loss[],
  open: boolean,
): string | undefined {
  const rule = ruleOf(policy, tool)!;
  const effect = effectOf(policy, tool);
  const lost = losses.filter((one) => one.server === policy.server && one.tool === tool);
  const { does, limits = [], require } = outcome;
  if (does !== 'allow') {
    const kept =
      does === 'deny'
        ? effect === 'denied' || effect === 'hidden'
        : rule.approve !== undefined && !rule.deny && effect !== 'hidden';
    return kept || lost.length > 0 ? undefined : `${does} without a loss`;
  }
  if (effect === 'denied' || effect === 'hidden') return 'allows what is denied';
  if (rule.approve) return 'allows without asking';
  const counted = (rule.limits ?? []).every(({ max, window }) =>
    limits.some((one) => one.max <= max && (one.window ?? window) === window),
  );
  if (!counted && !(open && lost.some((one) => one.lost === 'limit' && one.became === 'allow')))
    return 'does not count';
  const said = JSON.stringify(require) === JSON.stringify(rule.require);
  if (rule.require && !said) return 'forgets what it requires of arguments';
  if (rule.deny_if && !can.arguments.includes('deny_if')) return 'forgets what it denies of arguments';
  const conditions = [...(rule.require ?? []), ...(rule.deny_if ?? []).flatMap((one) => one.conditions)];
  if (conditions.some((one) => one.of || one.op === 'count_gt') && !can.arguments.includes('lists'))
    return 'forgets what it says of lists';
  return undefined;
}
