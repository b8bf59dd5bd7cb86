import type { Start } from './readme.ts';
import { argsAfter, literal } from './words.ts';

/**
 * The start that a Dockerfile's last ENTRYPOINT and CMD make of a package's own program: of one of its `programs`, by name
 * or by file, or of the package itself. Undefined where they start something else.
 */
export function dockerStart(text: string, name: string, programs: readonly string[]): Start | undefined {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  const last = (instruction: string) => {
    const found = lines.findLast((line) => new RegExp(`^\\s*${instruction}\\s`, 'i').test(line));
    return found === undefined ? [] : words(found.replace(/^\s*\w+\s+/, ''));
  };
  const args = argsAfter([...last('ENTRYPOINT'), ...last('CMD')], name, programs);
  return args && { args: literal(args), env: [] };
}

/** A command in either of its forms: a JSON array, or words of a shell, of which only plain ones can be read. */
function words(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.filter((word) => typeof word === 'string');
  } catch {
    // The shell's form.
  }
  return /[|&;<>`]/.test(text)
    ? []
    : text
        .split(/\s+/)
        .map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
        .filter(Boolean);
}
