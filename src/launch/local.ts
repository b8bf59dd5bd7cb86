import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { sha256 } from '#core/hash.ts';
import { isAbandoned, OWNER } from '#core/owner.ts';
import type { Artefact } from '#domain/launch.ts';
import { mergeInputs } from './hints/inputs.ts';
import { copyProject, sitePackages } from './local/copy.ts';
import { type LocalProgram, type Located, locate } from './local/locate.ts';
import { bundleRunner } from './mcpb/manifest.ts';
import { openUp } from './open-up.ts';
import type { Resolver, Unavailable } from './resolver.ts';

/** Bytes and files of one project, dependencies included. */
const BYTES_MAX = 1e9;
const FILES_MAX = 200_000;

const RUNNER = 'run/start.py';

function refuse(phase: Unavailable['phase'], reason: string, detail: string): Unavailable {
  return { phase, reason, detail, temporary: false };
}

/**
 * A resolver for one program of this machine. It is copied with its project where a sandbox can read it, without files
 * that may hold credentials, so that nothing of the original can be seen or changed. Dispose it to remove the copy.
 */
export function localResolver(program: LocalProgram): Resolver & AsyncDisposable {
  let copy: string | undefined;
  let found: Located | undefined;

  const install: Resolver['install'] = async (_, { stage, signal }) => {
    if (!found) return refuse('install', 'not-found', 'There is no such program.');
    await mkdir(join(stage, 'local'), { recursive: true, mode: 0o755 });
    await sweep(join(stage, 'local'));
    copy ??= await mkdtemp(join(stage, 'local', OWNER));
    const left = { bytes: BYTES_MAX, files: FILES_MAX };
    const bundle = join(copy, 'bundle');
    const whole = await copyProject(found.root, bundle, found.file, left, signal);
    if (!whole) return refuse('install', 'too-large', 'Its project is larger than what is copied into a sandbox.');
    if (found.runtime === 'python') {
      await mkdir(join(copy, 'run'), { recursive: true });
      const entry = relative(found.root, found.file).split(sep).join('/');
      await writeFile(join(copy, RUNNER), bundleRunner({ entry, paths: await sitePackages(bundle) }));
    }
    return { tree: copy, bytes: await openUp(copy), reused: false };
  };

  return {
    id: 'local',
    purlType: 'local',
    async current() {
      found = await locate(program);
      if (!found) return refuse('resolve', 'not-found', 'There is no such program on this machine.');
      const name = basename(found.root);
      const hash = sha256(await readFile(found.file));
      const integrity = `sha256-${Buffer.from(hash, 'hex').toString('base64')}`;
      return { purl: `pkg:generic/${encodeURIComponent(name)}`, name, version: 'local', integrity } satisfies Artefact;
    },
    install,
    fetchPackage: install,
    async launches(artefact, tree, ref) {
      const { runtime, file, root } = found!;
      const entry = runtime === 'python' ? RUNNER : `bundle/${relative(root, file).split(sep).join('/')}`;
      return [
        {
          resolver: 'local',
          artefact,
          runtime,
          tree,
          entry,
          args: ref.args ?? [],
          inputs: mergeInputs([ref.env ?? []]),
        },
      ];
    },
    async [Symbol.asyncDispose]() {
      if (copy !== undefined) await rm(copy, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Removes the copies of runs that were killed. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (await isAbandoned(join(folder, name))) await rm(join(folder, name), { recursive: true, force: true });
}
