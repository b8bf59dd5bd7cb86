import { z } from 'zod';
import type { Input } from '#domain/server.ts';
import type { Start } from './readme.ts';

const Variable = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  isRequired: z.boolean().optional().catch(undefined),
  isSecret: z.boolean().optional().catch(undefined),
  default: z.string().optional().catch(undefined),
  choices: z.array(z.string()).optional().catch(undefined),
});
const Argument = z.object({
  type: z.string(),
  name: z.string().optional(),
  value: z.string().optional().catch(undefined),
  default: z.coerce.string().optional().catch(undefined),
  choices: z.array(z.string()).optional().catch(undefined),
  isRequired: z.boolean().optional().catch(undefined),
  isSecret: z.boolean().optional().catch(undefined),
  format: z.string().optional().catch(undefined),
  variables: z
    .record(z.string(), z.object({ default: z.string().optional() }).catch({}))
    .optional()
    .catch(undefined),
});
const loose = <T>(element: z.ZodType<T>) =>
  z.array(element.nullable().catch(null)).transform((list) => list.filter((item) => item !== null));
const Manifest = z.object({
  packages: loose(
    z.object({
      identifier: z.string(),
      packageArguments: loose(Argument).optional().catch(undefined),
      environmentVariables: loose(Variable).optional().catch(undefined),
    }),
  ),
});

/** What the package's own `server.json` says of starting it; undefined where it says nothing usable. */
export function manifestStart(text: string, name: string): Start | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = Manifest.safeParse(json).data?.packages.find((entry) => entry.identifier === name);
  if (!found) return undefined;
  const env = (found.environmentVariables ?? []).map(
    ({ isRequired, isSecret, ...rest }) =>
      Object.fromEntries(
        Object.entries({ ...rest, required: isRequired, secret: isSecret }).filter(([, value]) => value !== undefined),
      ) as unknown as Input,
  );
  return { args: argumentsOf(found.packageArguments ?? []), env };
}

/** The arguments as far as they are known: fixed, by default, or the first choice of one that must be given. */
function argumentsOf(given: readonly z.output<typeof Argument>[]): readonly string[] {
  const args: string[] = [];
  for (const one of given) {
    const value = filled(one) ?? (one.isRequired && !one.isSecret ? one.choices?.[0] : undefined);
    // From the first position that a person must fill in, positions no longer hold.
    if (one.type === 'positional' && value === undefined) break;
    if (one.type === 'positional') args.push(value!);
    else if (one.name !== undefined && !one.name.includes('{')) {
      const isFlag = one.value === undefined && one.default === undefined && one.format === 'boolean' && one.isRequired;
      if (value !== undefined) args.push(one.name, value);
      else if (isFlag) args.push(one.name);
    }
  }
  return args;
}

/** An argument's value with its {variables} filled in where they have a default; undefined where one has none. */
function filled({ value, default: initial, variables = {} }: z.output<typeof Argument>): string | undefined {
  const text = (value ?? initial)?.replace(/\{([\w.-]+)\}/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name]!.default ?? whole) : whole,
  );
  return text === undefined || text.includes('{') ? undefined : text;
}
