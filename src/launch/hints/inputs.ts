import type { Input } from '#domain/server.ts';

/** What the name of a variable can look like; also keeps hostile text out of environments. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const SECRET = /(^|_)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PAT|CREDENTIALS?|AUTH)(_|$)/i;
const PLACEHOLDER =
  /[<>{}]|\$\w|%\w+%|\.\.\.|your|xxx|\*\*\*|example|placeholder|change_?me|insert|replace|path\/to|\/users\/|\/home\/|^[a-z]:\\|\bhere\b|:\/\/[^/]*@|^\/absolute|dummy|todo/i;

/** Whether the name of a variable can be one. */
export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a variable's name says that its value is to be kept. */
export function soundsSecret(name: string): boolean {
  return SECRET.test(name);
}

/** Whether a value in a documentation stands for one that the reader shall fill in. */
export function isPlaceholder(value: string): boolean {
  return value.trim() === '' || PLACEHOLDER.test(value);
}

/** One input a name: the first mention gives its order, each fact comes from the first mention that has it. */
export function mergeInputs(lists: readonly (readonly Input[])[]): readonly Input[] {
  const inputs = new Map<string, Input>();
  for (const input of lists.flat())
    if (isVariableName(input.name)) inputs.set(input.name, { ...input, ...inputs.get(input.name) });
  return [...inputs.values()].map((input) =>
    input.secret === undefined && soundsSecret(input.name) ? { ...input, secret: true } : input,
  );
}
