import { isPlaceholder } from './inputs.ts';

/**
 * The words of a command that reach a package's own program; undefined where it starts something else. `programs` are
 * the program's names, and the paths of its files within the package.
 */
export function argsAfter(
  words: readonly string[],
  name: string,
  programs: readonly string[],
): readonly string[] | undefined {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}@`) || word.startsWith(`${name}==`));
  if (at >= 0) {
    // `uvx --from PACKAGE PROGRAM`: the program follows, and its arguments only after it.
    const rest = words.slice(at + 1);
    return words[at - 1] === '--from' && programs.includes(rest[0] ?? '') ? rest.slice(1) : rest;
  }
  if (programs.includes(words[0] ?? '')) return words.slice(1);
  const file = words.findIndex((word) =>
    programs.some((path) => path.includes('/') && word.replace(/^\.?\//, '').endsWith(path)),
  );
  return file < 0 ? undefined : words.slice(file + 1);
}

/** The arguments without what stands for something that the reader shall fill in, and without the options before that. */
export function literal(args: readonly string[]): readonly string[] {
  return args.filter((arg, index) => {
    const next = args[index + 1];
    // An option goes with the value that stands after it.
    const opens = /^--?\w[\w-]*$/.test(arg) && next !== undefined && !next.startsWith('-') && isPlaceholder(next);
    return !isPlaceholder(arg) && !opens;
  });
}
