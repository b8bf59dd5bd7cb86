import { programName } from './words.ts';

const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash']);
/** A command line of plain words, quoted or not: nothing that a shell would do something else with. */
const PLAIN = /^(?:\s*(?:'[^']*'|"[^"$`\\]*"|[\w@%+=:,./~^-]+))+\s*$/;

/**
 * The words behind what only wraps them: `cmd /c`, `env NAME=VALUE`, a shell that is given one plain command. A sentence
 * where a shell is to do more than that, which is not guessed at.
 */
export function unwrapped(words: readonly string[], depth = 0): readonly string[] | string {
  const [command = '', ...rest] = words;
  const name = programName(command);
  if (depth > 3) return 'Its command is wrapped in too many others.';
  if (name === 'cmd') {
    const at = rest.findIndex((word) => /^\/[ck]$/i.test(word));
    return at < 0 ? 'It starts a shell of Windows.' : unwrapped(rest.slice(at + 1), depth + 1);
  }
  if (name === 'env') {
    const at = rest.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
    return at < 0 ? 'It starts nothing.' : unwrapped(rest.slice(at), depth + 1);
  }
  if (SHELLS.has(name)) {
    const at = rest.findIndex((word) => /^-\w*c$/.test(word));
    const line = at < 0 ? undefined : rest[at + 1];
    // A script is a program like any other.
    if (line === undefined) return words;
    const plain = line.replace(/^\s*exec\s+/, '');
    return PLAIN.test(plain)
      ? unwrapped(split(plain), depth + 1)
      : 'It is a line for a shell, which is not guessed at.';
  }
  return words;
}

function split(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare!);
}
