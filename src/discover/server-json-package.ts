import { z } from 'zod';
import { type PackageType, purlOf } from '#core/purl.ts';
import { type Argument, type Input, type PackageRef, TRANSPORTS } from '#domain/server.ts';
import { isPlaceholder } from './inputs.ts';
import { Text, Web } from './texts.ts';

/** A list of which elements of another shape are left out; anything but a list is an empty one. */
export function loose<T extends z.ZodType>(element: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((item) => element.safeParse(item).data ?? []) as z.output<T>[]);
}

const Flag = z.boolean().optional().catch(undefined);
/** What server.json says of every value that somebody has to give; plain text is not said. */
const Said = {
  description: Text,
  isRequired: Flag,
  isSecret: Flag,
  default: Text,
  choices: loose(z.string().max(500)),
  format: z.enum(['number', 'boolean', 'filepath']).optional().catch(undefined),
};

const Argued = z.object({
  ...Said,
  type: z.enum(['positional', 'named']).catch('positional'),
  name: Text,
  value: Text,
  valueHint: Text,
  isRepeated: Flag,
});
type Argued = z.output<typeof Argued>;

export const Variable = z.object({ ...Said, name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,199}$/) });

/** A package of a server.json, its keys in today's spelling. */
export const Package = z.object({
  registryType: z.string().max(40),
  identifier: z.string().max(500),
  version: Text,
  runtimeHint: Text,
  fileSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .toLowerCase()
    .optional()
    .catch(undefined),
  transport: z
    .object({ type: z.enum(TRANSPORTS) })
    .optional()
    .catch(undefined),
  runtimeArguments: loose(Argued),
  packageArguments: loose(Argued),
  environmentVariables: loose(Variable),
});
export type Package = z.output<typeof Package>;

/** The addresses and headers of a remote, or the values in braces of an address, as inputs. */
export const Remote = z.object({
  type: Text,
  transportType: Text,
  url: Web,
  headers: loose(Variable),
  variables: z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((named) =>
      Object.entries(named).flatMap(([name, said]) => Variable.safeParse({ ...(said as object), name }).data ?? []),
    ),
});

const TYPES: Readonly<Record<string, PackageType>> = {
  npm: 'npm',
  pypi: 'pypi',
  oci: 'oci',
  docker: 'oci',
  nuget: 'nuget',
  cargo: 'cargo',
  mcpb: 'mcpb',
};

/** The package, if its kind and name can be known. */
export function packageRefOf(found: Package): PackageRef | undefined {
  const kind = found.registryType.toLowerCase();
  const type = Object.hasOwn(TYPES, kind) ? TYPES[kind]! : undefined;
  const purl = type && purlOf(type, found.identifier);
  if (!purl) return undefined;
  const env = found.environmentVariables.map(inputOf);
  const args = literalArguments(found.packageArguments);
  const version = found.version ?? (type === 'oci' ? /:([^/:@]+)(?:@.*)?$/.exec(found.identifier)?.[1] : undefined);
  const { runtimeHint, transport, fileSha256 } = found;
  return {
    purl,
    ...(version !== undefined && { version }),
    ...(env.length > 0 && { env }),
    ...(args.length > 0 && { args }),
    ...(found.packageArguments.length > 0 && { arguments: found.packageArguments.map(argumentOf) }),
    ...(found.runtimeArguments.length > 0 && { runtimeArguments: found.runtimeArguments.map(argumentOf) }),
    ...(runtimeHint !== undefined && { runtimeHint }),
    ...(transport && { transport: transport.type }),
    ...(fileSha256 !== undefined && { sha256: fileSha256 }),
  };
}

export function inputOf(variable: z.output<typeof Variable>): Input {
  return { name: variable.name, ...saidOf(variable) };
}

function argumentOf(given: Argued): Argument {
  const { type, name, value, valueHint, isRepeated } = given;
  return {
    type,
    ...(name !== undefined && { name }),
    ...(value !== undefined && { value }),
    ...(valueHint !== undefined && { hint: valueHint }),
    ...(isRepeated !== undefined && { repeated: isRepeated }),
    ...saidOf(given),
  };
}

function saidOf(given: Omit<z.output<typeof Variable>, 'name'>): Omit<Input, 'name'> {
  const { description, isRequired, isSecret, choices, format } = given;
  return {
    ...(description !== undefined && { description }),
    ...(isRequired !== undefined && { required: isRequired }),
    ...(isSecret !== undefined && { secret: isSecret }),
    ...(given.default !== undefined && { default: given.default }),
    ...(choices.length > 0 && { choices }),
    ...(format !== undefined && { format }),
  };
}

/** The arguments that a publisher fixed. From the first position that a user must fill, positions no longer hold. */
function literalArguments(given: readonly Argued[]): readonly string[] {
  const literal: string[] = [];
  for (const argument of given) {
    const value = argument.value ?? argument.default;
    if (value !== undefined && isPlaceholder(value)) {
      if (argument.type === 'positional') break;
      continue;
    }
    if (argument.type === 'positional') {
      if (value === undefined) break;
      literal.push(value);
    } else if (argument.name !== undefined && !isPlaceholder(argument.name))
      literal.push(...named(argument.name, value));
  }
  return literal;
}

/** In May 2025 a named argument's name and value were both `--name value`. */
function named(name: string, value: string | undefined): readonly string[] {
  const [flag = name, ...rest] = name.split(' ');
  if (value === undefined || value === name) return rest.length > 0 ? [flag, rest.join(' ')] : [flag];
  return [name, value];
}
