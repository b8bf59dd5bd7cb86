import { z } from 'zod';

const Paths = z.record(z.string(), z.string().catch('')).optional().catch(undefined);
const PackageJson = z.object({
  name: z.string().catch(''),
  bin: z.union([z.string(), Paths]).catch(undefined),
  main: z.string().optional().catch(undefined),
});

/** A program of a package: its name and its file, with forward slashes, inside the package's folder. */
export interface Program {
  readonly name: string;
  readonly file: string;
}

/** Programs that change the user's machine instead of serving. */
const NO_SERVER = /(^|[-_])(setup|remove|uninstall|install|postinstall|init|login|migrate|config(ure)?)$/i;

/**
 * The programs that a package.json names, likeliest server first: named as the package is, then with `mcp` or `server`
 * in the name, then the rest in their order. Where there is none, the package's main file. Those that set up or remove are
 * left out, and so is what leads out of the package.
 */
export function programs(packageJson: unknown): readonly Program[] {
  const parsed = PackageJson.safeParse(packageJson);
  if (!parsed.success) return [];
  const { name, bin, main } = parsed.data;
  const tail = name.replace(/^@[^/]*\//, '');
  const named = typeof bin === 'string' ? { [tail]: bin } : (bin ?? {});
  const listed = Object.entries(named)
    .filter(([program]) => !NO_SERVER.test(program))
    .map(([program, path]) => ({ name: program, file: inside(path) }))
    .filter((program): program is Program => program.file !== undefined);
  const rank = (program: Program) =>
    program.name === tail || program.name === name ? 0 : /mcp|server/i.test(program.name) ? 1 : 2;
  const ranked = listed.sort((a, b) => rank(a) - rank(b));
  if (ranked.length > 0 || Object.keys(named).length > 0) return ranked;
  const file = inside(main ?? 'index.js');
  return file === undefined ? [] : [{ name: tail, file }];
}

/** The path in plain form, or undefined where it is empty, absolute or leads out. */
function inside(path: string): string | undefined {
  const steps: string[] = [];
  for (const step of path.replaceAll('\\', '/').split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' || step.includes('\0') || step.includes(':')) return undefined;
    steps.push(step);
  }
  return path.startsWith('/') || steps.length === 0 ? undefined : steps.join('/');
}
