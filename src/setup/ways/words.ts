/** The name of a program, however it is called: without folders and without the endings of Windows. */
export function programName(word: string): string {
  const name = word.replaceAll('\\', '/').split('/').at(-1)!;
  return name.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/, '');
}

/** Options before the first word that is none, by what of them takes a value. */
export interface Options {
  /** Values by option, without dashes where `=` was written or a value followed. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlySet<string>;
  /** From the first word that is no option on. */
  readonly rest: readonly string[];
}

/** Splits a runner's own options from what it is to run. `takes` says which options are followed by a value. */
export function optionsOf(words: readonly string[], takes: (option: string) => boolean): Options {
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  let at = 0;
  for (; at < words.length && words[at]!.startsWith('-') && words[at] !== '-'; at++) {
    const word = words[at]!;
    if (word === '--') {
      at++;
      break;
    }
    const [, name = word, value] = /^(-{1,2}[^=]+)=(.*)$/s.exec(word) ?? [];
    if (value !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
    else if (takes(name) && at + 1 < words.length) values.set(name, [...(values.get(name) ?? []), words[++at]!]);
    else flags.add(name);
  }
  return { values, flags, rest: words.slice(at) };
}
