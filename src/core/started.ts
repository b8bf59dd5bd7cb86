const FROM_SOURCE = import.meta.filename.endsWith('.ts');
/** What npm's scripts of the project start, longest first. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/npm run (?:--silent )?plimsoll --(?= )/g, 'plimsoll'],
  [/npm run crawl(?: --(?= ))?/g, 'plimsoll nightly'],
  [/npm run serve(?: --(?= ))?/g, 'plimsoll serve'],
];

/**
 * A text of ours with its commands as the reader would give them: through npm where this runs from its source, by the
 * program's own name where it came as a package or in an image. Never for what strangers wrote.
 */
export function asStarted(text: string, fromSource = FROM_SOURCE): string {
  return fromSource ? text : SCRIPTS.reduce((said, [script, command]) => said.replaceAll(script, command), text);
}
