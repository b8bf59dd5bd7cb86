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
const Argument = z.object({ type: z.string(), name: z.string().optional(), value: z.string().optional() });
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
  // A value with a {variable} in it is for a person to fill in.
  const args = (found.packageArguments ?? []).flatMap(({ type, name: option, value }) => {
    if (value?.includes('{')) return [];
    if (type === 'named' && option !== undefined) return value === undefined ? [] : [option, value];
    return value === undefined ? [] : [value];
  });
  return { args, env };
}
