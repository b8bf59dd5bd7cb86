import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { modulePath } from '#core/module-path.ts';
import type { Artefact } from '#domain/launch.ts';
import type { Reading } from './read-tools.ts';

export interface ExtractOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one package (default 30 seconds). */
  readonly deadline?: number;
}

const PROJECT = join(import.meta.dirname, '../../..');
const READER = modulePath(import.meta, 'reader');
/** What the reader is made of: its modules, and the packages they use, which lie further up where Plimsoll is a dependency. */
const OWN = [
  ...['src', 'package.json'].map((part) => join(PROJECT, part)),
  ...(createRequire(import.meta.url).resolve.paths('oxc-parser') ?? []).filter((folder) => existsSync(folder)),
];
/** Megabytes of heap, and characters of answer: the largest real package took a third of either. */
const HEAP_MB = 1_024;
const ANSWER_MAX = 32_000_000;
/** Times that reading starts again without a file at which the parser died. */
const CRASHES_MAX = 5;
const NOTHING: Reading = { tools: [], files: 0, truncated: true };

/**
 * Tool names, descriptions and schemas out of the JavaScript and TypeScript of an installed or fetched package, by parsing
 * it: nothing of it runs. Deeply nested source kills a native parser outright (measured), so this happens in a process of
 * its own that may read the tree and nothing else of note, with limits on heap and time. Never rejects for what the package
 * holds: what cannot be read is left out and `truncated` says so.
 */
export async function extractTools(tree: string, artefact: Artefact, options: ExtractOptions = {}): Promise<Reading> {
  const skip: string[] = [];
  const until = Date.now() + (options.deadline ?? 30_000);
  while (skip.length <= CRASHES_MAX && Date.now() < until) {
    options.signal?.throwIfAborted();
    const { reading, file } = await readOnce(realpathSync(tree), artefact.name, skip, until, options.signal);
    if (reading) return { ...reading, truncated: reading.truncated || skip.length > 0 };
    if (file === undefined) break;
    skip.push(file);
  }
  options.signal?.throwIfAborted();
  return NOTHING;
}

/** One run of the reader: its answer, or the file that it was at when it died. */
async function readOnce(
  tree: string,
  name: string,
  skip: readonly string[],
  until: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly reading?: Reading; readonly file?: string }> {
  const flags = [
    '--permission',
    '--allow-addons',
    ...OWN.map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-read=${tree}`,
    `--max-old-space-size=${HEAP_MB}`,
    '--experimental-import-meta-resolve',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
  const child = spawn(process.execPath, [...flags, READER, tree, name, ...skip], {
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, Math.max(0, until - Date.now()));
  signal?.addEventListener('abort', stop, { once: true });
  let [output, size] = [[] as Buffer[], 0];
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    output.push(chunk);
    if (size > ANSWER_MAX) {
      output = [];
      stop();
    }
  });
  try {
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
  let file: string | undefined;
  for (const line of Buffer.concat(output).toString('utf8').split('\n').filter(Boolean)) {
    const said = parseLine(line);
    if (said.reading) return { reading: said.reading };
    file = said.file ?? file;
  }
  return file === undefined ? {} : { file };
}

/** A line of our own reader; a broken one is the last of a process that died. */
function parseLine(line: string): { readonly reading?: Reading; readonly file?: string } {
  try {
    return JSON.parse(line) as { reading?: Reading; file?: string };
  } catch {
    return {};
  }
}
