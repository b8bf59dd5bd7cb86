/*
 * Lists of paths as one line of text with tabs between: each is told by how many characters it shares with the one before
 * it and by the rest, as those of a folder begin alike. A tenth of what the paths are long, and a site has a million.
 */

/** The text of a list of paths, none of which holds a tab or a line break. */
export function asText(paths: Iterable<string>): string {
  const parts: string[] = [];
  let last = '';
  for (const path of paths) {
    let shared = 0;
    while (shared < last.length && last.charCodeAt(shared) === path.charCodeAt(shared)) shared++;
    parts.push(`${shared}:${path.slice(shared)}`);
    last = path;
  }
  return parts.join('\t');
}

/** The paths of such a text, in their order. */
export function pathsIn(text: string): string[] {
  let last = '';
  if (text === '') return [];
  return text.split('\t').map((part) => {
    const colon = part.indexOf(':');
    last = last.slice(0, Number(part.slice(0, colon))) + part.slice(colon + 1);
    return last;
  });
}

/** How many paths such a text holds. */
export function countIn(text: string): number {
  if (text === '') return 0;
  let all = 1;
  for (let at = text.indexOf('\t'); at >= 0; at = text.indexOf('\t', at + 1)) all++;
  return all;
}
