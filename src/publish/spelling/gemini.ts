import { sha256 } from '#core/hash.ts';

/**
 * Gemini CLI knows a tool as `mcp_SERVER_TOOL`, cuts what is longer than 63 characters in the middle, and keeps the
 * first 30: of a server's name that is longer than 25 no rule for "all of it" would be found again.
 */
export const GEMINI_LONGEST = 63;
const SERVER = 25;

/** The server's name for Gemini CLI: its label, shortened by a hash where Gemini CLI could not keep its rules apart. */
export function geminiServer(label: string): string {
  // To a server called `mcp` Gemini CLI adds no prefix of its own.
  if (label.length <= SERVER && label !== 'mcp') return label;
  return `${label.slice(0, SERVER - 9).replace(/-+$/, '')}-${sha256(label).slice(0, 8)}`;
}
