import type { Limit, Policy, Rule } from '#domain/policy.ts';
import type { JsonObject } from '#domain/tool.ts';
import { holds } from './conditions.ts';
import { limitsInWords, ruleOf } from './effect.ts';

/** A call that a gateway would be asked to let through. */
export interface Call {
  readonly tool: string;
  readonly args: JsonObject;
  /** Milliseconds since 1970; calls come in this order. */
  readonly at: number;
  readonly grant: string;
  readonly session: string;
  /** Fingerprint of the tool's present definition, where the gateway knows it. */
  readonly definition?: string | undefined;
}

/** What a policy says of a call, and which part of it says so. `limited`: denied, because a cap is reached. */
export interface Answer {
  readonly outcome: 'allowed' | 'limited' | 'needs approval' | 'denied';
  /** Place in the policy: `tools.<name>.limits[0]`, `hide`, `default`. */
  readonly rule: string;
  readonly reason: string;
}

const WINDOW_MS: Readonly<Record<Limit['window'], number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Decides calls by a policy, one after the other: what it means where gateways differ. In any stretch of time as long as
 * a limit's window at most `max` calls are let through or put before a person; those that are denied do not count. An
 * argument of a kind that a condition cannot be held against denies. Approvals are not answered here.
 */
export function checker(policy: Policy): (call: Call) => Answer {
  const counted = new Map<string, number[]>();
  return (call) => {
    if (policy.hide.includes(call.tool)) return denied('hide', 'The tool is left out of the list.');
    const rule = ruleOf(policy, call.tool);
    if (!rule) return denied('default', 'The policy does not name the tool.');
    if (call.definition !== undefined && call.definition !== rule.definition)
      return denied('default', 'The definition is not the one that the rule was written for.');
    const place = `tools.${call.tool}`;
    if (rule.deny) return denied(`${place}.deny`, rule.deny.reason);
    const broken = argumentFault(rule, call.args, place);
    if (broken) return broken;
    const full = overLimit(rule.limits ?? [], call, counted, place);
    if (full) return full;
    if (rule.approve)
      return { outcome: 'needs approval', rule: `${place}.approve`, reason: `The ${rule.approve.by} is asked.` };
    return { outcome: 'allowed', rule: place, reason: rule.why.at(-1) ?? '' };
  };
}

function denied(rule: string, reason: string): Answer {
  return { outcome: 'denied', rule, reason };
}

function argumentFault(rule: Rule, args: JsonObject, place: string): Answer | undefined {
  for (const [index, condition] of (rule.require ?? []).entries())
    if (holds(condition, args) !== true)
      return denied(`${place}.require[${index}]`, `${condition.path} does not keep what the rule requires.`);
  for (const [index, { conditions, on_deny }] of (rule.deny_if ?? []).entries())
    if (conditions.every((condition) => holds(condition, args) !== false))
      return denied(`${place}.deny_if[${index}]`, on_deny);
  return undefined;
}

function overLimit(
  limits: readonly Limit[],
  call: Call,
  counted: Map<string, number[]>,
  place: string,
): Answer | undefined {
  const counters = limits.map((limit, index) => {
    const who = { grant: call.grant, session: call.session, server: '' }[limit.scope];
    const key = JSON.stringify([call.tool, limit.counter, index, who]);
    const times = (counted.get(key) ?? []).filter((at) => at > call.at - WINDOW_MS[limit.window]);
    return { limit, index, key, times };
  });
  const full = counters.find(({ limit, times }) => times.length >= limit.max);
  if (full)
    return {
      outcome: 'limited',
      rule: `${place}.limits[${full.index}]`,
      reason: `The cap is reached: ${limitsInWords([full.limit])}.`,
    };
  for (const { key, times } of counters) counted.set(key, [...times, call.at]);
  return undefined;
}
