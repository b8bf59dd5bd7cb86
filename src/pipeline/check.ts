import { z } from 'zod';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import type { Policy } from '#domain/policy.ts';
import type { JsonObject } from '#domain/tool.ts';
import { readPolicy } from '#publish/formats/policy-text.ts';
import { type Answer, type Call, checker } from '#recommend/check.ts';

const Line = z.strictObject({
  tool: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
  at: z.iso.datetime({ offset: true }).optional(),
  grant: z.string().default('default'),
  session: z.string().default('default'),
  definition: z.string().optional(),
});

/** A policy from its text. Throws `WrongUse`, naming the file and what is wrong. */
export function policyFrom(text: string, file: string): Policy {
  try {
    return readPolicy(text);
  } catch (error) {
    throw new WrongUse(`${file} is not a Plimsoll policy: ${visibleLine((error as Error).message)}`);
  }
}

/**
 * Calls from JSON Lines: `{"tool", "args", "at", "grant", "session", "definition"}`, all but `tool` optional. A call
 * without a time comes a second after the one before. Throws `WrongUse`, naming the line.
 */
export function callsFrom(text: string, file: string, now: Date): readonly Call[] {
  let last = now.getTime() - 1000;
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${file}:${index + 1}`;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch (error) {
      throw new WrongUse(`${where} is not JSON: ${visibleLine((error as Error).message)}`);
    }
    const parsed = Line.safeParse(json);
    if (!parsed.success) throw new WrongUse(`${where} is not a call: ${visibleLine(z.prettifyError(parsed.error))}`);
    const { at, args, ...rest } = parsed.data;
    const time = at === undefined ? last + 1000 : Date.parse(at);
    if (time < last) throw new WrongUse(`${where}: calls must stand in the order of their times.`);
    last = time;
    return [{ ...rest, args: args as JsonObject, at: time }];
  });
}

/** What the policy says of each call, in their order. */
export function checkCalls(policy: Policy, calls: readonly Call[]): readonly (Call & Answer)[] {
  const check = checker(policy);
  return calls.map((call) => ({ ...call, ...check(call) }));
}
