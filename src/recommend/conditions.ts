import type { Condition } from '#domain/policy.ts';
import type { Json, JsonObject } from '#domain/tool.ts';

/** The value that a condition is about; undefined where the call does not carry it. Only own keys are followed. */
function valueAt(path: string, args: JsonObject): Json | undefined {
  let value: Json | undefined = args;
  for (const key of path.replace(/^args\./, '').split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}

/**
 * Whether a condition holds for a call's arguments; undefined where the argument is there but of a kind that cannot be
 * compared so. An argument that is not there, or null, is equal to nothing, in no list, and matches nothing. `of` looks
 * at each value of a list, and takes a single value for a list of one.
 */
export function holds(condition: Condition, args: JsonObject): boolean | undefined {
  const { path, of } = condition;
  const value = valueAt(path, args);
  if (of === undefined || value === undefined || value === null) return holdsFor(condition, value);
  const each = (Array.isArray(value) ? value : [value]).map((one) => holdsFor(condition, one));
  const decides = of === 'some';
  if (each.includes(decides)) return decides;
  return each.includes(undefined) ? undefined : !decides;
}

function holdsFor({ op, value: wanted }: Condition, value: Json | undefined): boolean | undefined {
  if (op === 'exists') return (value !== undefined && value !== null) === (wanted !== false);
  if (value === undefined || value === null) return op === 'neq' || op === 'not_in';
  if (op === 'count_gt') return (Array.isArray(value) ? value.length : 1) > Number(wanted);
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const among = list.some((one) => one === value);
  switch (op) {
    case 'eq':
    case 'in':
      return typeof value === 'object' ? undefined : among;
    case 'neq':
    case 'not_in':
      return typeof value === 'object' ? undefined : !among;
    case 'regex':
      return typeof value === 'string' ? new RegExp(String(wanted)).test(value) : undefined;
    case 'contains':
      if (typeof value === 'string') return value.includes(String(wanted));
      return Array.isArray(value) ? value.some((one) => one === wanted) : undefined;
    default:
      return compared(op, value, wanted);
  }
}

function compared(op: 'lt' | 'lte' | 'gt' | 'gte', value: Json, wanted: Condition['value']): boolean | undefined {
  if (typeof value !== 'number' || typeof wanted !== 'number') return undefined;
  return { lt: value < wanted, lte: value <= wanted, gt: value > wanted, gte: value >= wanted }[op];
}
