import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Input } from '#domain/server.ts';
import { dockerStart } from './hints/dockerfile.ts';
import { mergeInputs } from './hints/inputs.ts';
import { readText } from './hints/read-text.ts';
import { readmeStarts, type Start } from './hints/readme.ts';
import { manifestStart } from './hints/server-json.ts';
import { smitheryStart } from './hints/smithery.ts';
import { pythonVariables, sourceVariables } from './hints/source.ts';
import type { Distribution } from './pypi/programs.ts';

/** What a package says of how it is started. */
export interface Hints {
  /** Variables, those that a manifest declares first, then those that documentation shows, then those that code reads. */
  readonly inputs: readonly Input[];
  /** Literal argument lists that manifest and documentation give, most trusted first, without the empty one. */
  readonly args: readonly (readonly string[])[];
}

const TEXT_MAX = 500_000;
const ARGS_MAX = 3;

/** Reads a package's folder for hints on starting it; `listed` is what sources already say, `files` are those of its programs. Runs nothing. */
export async function readHints(
  folder: string,
  name: string,
  bins: readonly string[],
  listed: readonly Input[] = [],
  files: readonly string[] = [],
): Promise<Hints> {
  const readmeName = (await readdir(folder).catch(() => [])).find((file) => /^readme(\.\w+)?$/i.test(file));
  const readme = readmeName === undefined ? undefined : await readText(join(folder, readmeName), TEXT_MAX);
  const manifest = await readText(join(folder, 'server.json'), TEXT_MAX);
  const declared = manifest === undefined ? undefined : manifestStart(manifest, name);
  const shown = readme === undefined ? [] : readmeStarts(readme, name, bins);
  const [smithery, docker] = await Promise.all(
    ['smithery.yaml', 'Dockerfile'].map((file) => readText(join(folder, file), TEXT_MAX)),
  );
  const programs = [...bins, ...files];
  const starts = [
    declared,
    smithery === undefined ? undefined : smitheryStart(smithery, name, programs),
    docker === undefined ? undefined : dockerStart(docker, name, programs),
    ...shown,
  ];
  return weigh(
    listed,
    starts.filter((start) => start !== undefined),
    await sourceVariables(folder),
  );
}

/** The same for a distribution installed in `site`: its long description is its README. */
export async function readPythonHints(
  site: string,
  { name, description, scripts, files }: Distribution,
  listed: readonly Input[] = [],
): Promise<Hints> {
  const bins = scripts.map((script) => script.name);
  const paths = files.map((file) => join(site, file));
  return weigh(listed, readmeStarts(description.slice(0, TEXT_MAX), name, bins), await pythonVariables(paths));
}

/** Puts together what is listed, what manifests and documentation show, most trusted first, and what code reads. */
function weigh(listed: readonly Input[], starts: readonly Start[], read: readonly string[]): Hints {
  const args = new Map<string, readonly string[]>();
  for (const start of starts) if (start.args.length > 0) args.set(JSON.stringify(start.args), start.args);
  return {
    inputs: mergeInputs([listed, ...starts.map((start) => start.env), read.map((variable) => ({ name: variable }))]),
    args: [...args.values()].slice(0, ARGS_MAX),
  };
}
