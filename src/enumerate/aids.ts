import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '#core/hash.ts';
import { staged } from './stage.ts';

/**
 * What can be put beside a server in its sandbox to hear more from it. None of it lets anything through: the walls are
 * the sandbox's, and a server that takes an aid off only tells less.
 */
export const AIDS = {
  egress: 'notes which hosts it wants to reach',
  'network-stub': 'answers its requests to other hosts with empty, well-formed replies',
  'sdk-hook': "calls the handler that it registered for the list of its tools, where it doesn't come to answer",
  'resolve-fix': 'loads what newer loaders refuse, and stands in for native parts that were not built',
  'fake-file': 'writes the file that made-up paths name, in shapes in which programs keep credentials',
  'http-bridge': 'speaks over HTTP inside the sandbox with a server that listens there',
} as const;
export type Aid = keyof typeof AIDS;

/** Where drivers that mount put the folder of aids. */
export const AIDS_INSIDE = '/opt/plimsoll';

const SOURCE = join(import.meta.dirname, 'inside');
const files = readdirSync(SOURCE).sort();
/** Hash of all aids: results made with others may be others. */
export const AIDS_VERSION = fingerprint(
  Object.fromEntries(files.map((file) => [file, readFileSync(join(SOURCE, file), 'utf8')])),
).slice(0, 12);

/**
 * Puts the aids on the stage and returns their folder: readable by everyone, to be mounted read-only. For Python it is
 * what PYTHONPATH is to name, where `egress` is wanted: it holds a `sitecustomize`.
 */
export async function stageAids(stage: string): Promise<string> {
  const folder = join(stage, `aids-${AIDS_VERSION}`);
  await Promise.all(files.map((file) => staged(join(SOURCE, file), join(folder, file))));
  return folder;
}

/** Arguments for Node (and for Deno's `run`) before the program, where the folder of aids lies at `folderInside`. */
export function aidArguments(aids: readonly Aid[], folderInside: string): readonly string[] {
  return aids.flatMap((aid) => ['--require', `${folderInside}/${aid}.cjs`]);
}
