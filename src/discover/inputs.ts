import type { Input } from '#domain/server.ts';
import { textOf } from './texts.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,199}$/;
const SECRET = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PAT|CREDENTIALS?)(_|$)/i;

/** Whether a value stands for one that the reader shall fill in. */
export function isPlaceholder(value: string): boolean {
  return /[<>{}$]|\byour[_-]|\/path\/to\/|^\[/i.test(value);
}

/**
 * A variable that a listing names, as an array to spread; empty where the name can be none. A value that holds for
 * everyone becomes its default; that of a secret never does.
 */
export function inputNamed(
  name: unknown,
  facts: {
    readonly description?: unknown;
    readonly required?: unknown;
    readonly secret?: unknown;
    readonly value?: unknown;
  } = {},
): readonly Input[] {
  if (typeof name !== 'string' || !NAME.test(name)) return [];
  const description = textOf(facts.description, 500);
  const secret = facts.secret === true || SECRET.test(name);
  const value = textOf(facts.value, 200);
  const known = value !== undefined && !secret && !isPlaceholder(value);
  return [
    {
      name,
      ...(description !== undefined && { description }),
      ...(typeof facts.required === 'boolean' && { required: facts.required }),
      ...(secret && { secret }),
      ...(known && { default: value }),
    },
  ];
}
