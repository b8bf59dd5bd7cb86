import { parse } from 'yaml';
import { z } from 'zod';
import type { Input } from '#domain/server.ts';
import { isVariableName } from './inputs.ts';
import type { Start } from './readme.ts';
import { argsAfter, literal } from './words.ts';

const File = z.object({
  startCommand: z.object({
    commandFunction: z.string().catch(''),
    configSchema: z
      .object({
        required: z.array(z.string()).catch([]),
        properties: z.record(z.string(), z.object({ description: z.string().optional() }).catch({})).catch({}),
      })
      .catch({ required: [], properties: {} }),
  }),
});
const TEXT = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`$\\]*)`/g;

/**
 * What a `smithery.yaml` says of starting a package. Its `commandFunction` is code of a stranger's: never run, it is read
 * for the literal command and arguments that it returns, and for the variables that it sets from settings.
 */
export function smitheryStart(text: string, name: string, programs: readonly string[]): Start | undefined {
  let yaml: unknown;
  try {
    yaml = parse(text, { maxAliasCount: 0 });
  } catch {
    return undefined;
  }
  const found = File.safeParse(yaml).data?.startCommand;
  if (!found) return undefined;
  const { commandFunction: code, configSchema } = found;
  const command = literals(/\bcommand\s*:\s*([^,\n]*)/.exec(code)?.[1] ?? '');
  const list = /\bargs\s*:\s*\[([^\]]*)\]/.exec(code)?.[1] ?? '';
  // A list of which a part is made up as it runs is not known.
  const isLiteral = list.replace(TEXT, '').replace(/[\s,]/g, '') === '';
  const args = isLiteral ? argsAfter([...command, ...literals(list)], name, programs) : undefined;
  const env = [...code.matchAll(/\b([A-Z][A-Z0-9_]*)["']?\s*:\s*(?:String\()?config\??\.(\w+)/g)].flatMap(
    ([, variable = '', key = '']): readonly Input[] => {
      if (!isVariableName(variable)) return [];
      const about = Object.hasOwn(configSchema.properties, key) ? configSchema.properties[key]!.description : undefined;
      return [
        {
          name: variable,
          ...(about !== undefined && { description: about.slice(0, 500) }),
          ...(configSchema.required.includes(key) && { required: true }),
        },
      ];
    },
  );
  return args || env.length > 0 ? { args: literal(args ?? []), env } : undefined;
}

function literals(code: string): readonly string[] {
  return [...code.matchAll(TEXT)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replace(/\\(.)/g, '$1'),
  );
}
