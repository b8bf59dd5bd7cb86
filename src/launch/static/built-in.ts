import type { Node } from 'oxc-parser';
import { isFields, isSchema, type Value } from './value.ts';

/** Characters that a computed text may have. */
const TEXT_MAX = 100_000;

/** `done: false`: not one of these functions. */
type Answer = { readonly done: true; readonly value: Value } | { readonly done: false };
const answer = (value: Value): Answer => ({ done: true, value });

/**
 * Calls of the language's own functions that descriptions and tool lists are put together with.
 * `self` is what the object before the dot is, if that is known.
 */
export function callBuiltIn(object: Node, method: string, self: Value, args: () => readonly Value[]): Answer {
  if (typeof self === 'string') return answer(onText(self, method, args));
  if (Array.isArray(self)) return answer(onList(self, method, args));
  if (object.type !== 'Identifier') return { done: false };
  const [first] = object.name === 'Object' ? args() : [];
  if (object.name === 'Object')
    switch (method) {
      case 'freeze':
      case 'seal':
        return answer(first);
      case 'keys':
        return answer(isFields(first) ? [...first.keys()] : undefined);
      case 'values':
        return answer(isFields(first) ? [...first.values()] : undefined);
      case 'assign':
        return answer(new Map(args().flatMap((part) => (isFields(part) ? [...part] : []))));
      default:
        return answer(undefined);
    }
  if (method === 'toJSONSchema') {
    const [only] = args();
    return isSchema(only) ? answer(only) : { done: false };
  }
  return { done: false };
}

function onText(self: string, method: string, args: () => readonly Value[]): Value {
  switch (method) {
    case 'trim':
      return self.trim();
    case 'trimEnd':
      return self.trimEnd();
    case 'trimStart':
      return self.trimStart();
    case 'toString':
      return self;
    case 'toLowerCase':
      return self.toLowerCase();
    case 'toUpperCase':
      return self.toUpperCase();
    case 'concat':
      return [self, ...args().map((arg) => (typeof arg === 'string' ? arg : '…'))].join('').slice(0, TEXT_MAX);
    default:
      return undefined;
  }
}

function onList(self: readonly Value[], method: string, args: () => readonly Value[]): Value {
  switch (method) {
    case 'join': {
      const [separator = ','] = args();
      if (typeof separator !== 'string') return undefined;
      return self
        .map((item) => (typeof item === 'string' ? item : '…'))
        .join(separator)
        .slice(0, TEXT_MAX);
    }
    case 'concat':
      return [...self, ...args().flatMap((arg) => (Array.isArray(arg) ? arg : [arg]))];
    case 'flat':
      return self.flatMap((item) => (Array.isArray(item) ? item : [item]));
    case 'filter':
      return self;
    default:
      return undefined;
  }
}
