import { writeSync } from 'node:fs';
import { readTree } from './read-tree.ts';

/**
 * The program of the process in which strangers' source is parsed: `reader.ts TREE NAME [FILE TO SKIP …]`.
 * It writes JSON Lines: `{file}` before a file is parsed, so that a crash names its cause, and `{reading}` at the end.
 */
const [tree = '', name = '', ...skip] = process.argv.slice(2);
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
say({ reading: await readTree(tree, name, { skip: new Set(skip), note: (file) => say({ file }) }) });
