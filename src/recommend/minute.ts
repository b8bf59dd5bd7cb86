import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Limit, Policy } from '#domain/policy.ts';
import type { Json, JsonObject } from '#domain/tool.ts';
import { effectOf, ruleOf } from './effect.ts';
import { wordsOf } from './kinds.ts';
import { code, type Prose, prose } from './prose.ts';

/** Arguments whose number says how many things one call deals with. */
const COUNTS =
  /^((max|page|batch|num|number of|total) )?(limit|count|size|results?|items?|rows?|records?|per page|n|top k|max)$/;

/** An argument that decides how much one call does. */
interface Measure {
  readonly name: string;
  readonly kind: 'list' | 'number';
  /** The most that the schema lets it be; absent where the schema sets no bound. */
  readonly most?: number;
}

/**
 * What an agent in a loop could do with a tool in one minute under a policy, a sentence each: how many calls, and how
 * much each may carry by the tool's own schema. Says nothing that schema and policy do not; empty where they say nothing.
 */
export function minuteOf(tool: CatalogueTool, policy: Policy): readonly Prose[] {
  const { name } = tool.definition;
  const effect = effectOf(policy, name);
  if (effect === 'denied' || effect === 'hidden') return [prose`Nothing: the policy denies every call.`];
  const rule = ruleOf(policy, name);
  const calls = rule?.limits && Math.min(...rule.limits.map(({ max }) => max));
  const said: Prose[] = [];
  if (rule?.limits) said.push(prose`${capOf(rule.limits, calls!)}`);
  if (rule?.approve) said.push(prose`Each call waits for a yes, so a loop goes no faster than somebody answers.`);
  const measures = measuresOf(tool.definition.inputSchema);
  const bounded = measures.filter(({ most }) => most !== undefined).sort((a, b) => b.most! - a.most!)[0];
  if (bounded) {
    const most = bounded.most!.toLocaleString('en');
    const each =
      bounded.kind === 'list'
        ? prose`One call takes up to ${most} entries in ${code(bounded.name)}`
        : prose`One call deals with up to ${most}, by ${code(bounded.name)}`;
    const all =
      calls === undefined
        ? ''
        : `: ${calls.toLocaleString('en')} × ${bounded.most!.toLocaleString('en')} = ${(calls * bounded.most!).toLocaleString('en')} at most`;
    said.push(prose`${each}${all}.`);
  }
  for (const { name: open } of measures.filter(({ most, kind }) => most === undefined && kind === 'list').slice(0, 2))
    said.push(prose`The schema sets no bound on the entries of ${code(open)}, so one call may carry many.`);
  return said;
}

function capOf(limits: readonly Limit[], calls: number): string {
  const tightest = limits.find(({ max }) => max === calls)!;
  const many = `${calls.toLocaleString('en')} call${calls === 1 ? '' : 's'}`;
  return tightest.window === 'minute'
    ? `At most ${many}: the call after that is denied.`
    : `At most ${many}, and then none for the rest of the ${tightest.window}.`;
}

function measuresOf(schema: JsonObject | undefined): readonly Measure[] {
  const properties = asObject(schema?.properties);
  return Object.keys(properties).flatMap((name): Measure[] => {
    const { type, maxItems, maximum } = asObject(properties[name]);
    if (type === 'array') return [{ name, kind: 'list', ...(isCount(maxItems) && { most: maxItems }) }];
    const counts = (type === 'integer' || type === 'number') && COUNTS.test(wordsOf(name).join(' '));
    return counts && isCount(maximum) ? [{ name, kind: 'number', most: maximum }] : [];
  });
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 1 && value <= 1_000_000;
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
