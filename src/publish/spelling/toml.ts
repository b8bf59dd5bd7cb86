import { stringify } from 'smol-toml';
import { unseenEscaped } from './unseen.ts';

/** One table or array entry of a TOML file with a comment in front. Lines must not hold line breaks of any kind. */
export function tomlBlock(value: Readonly<Record<string, unknown>>, lines: readonly string[]): string {
  return `${lines.map((line) => `# ${line}\n`).join('')}${unseenEscaped(stringify(value)).trim()}\n`;
}
