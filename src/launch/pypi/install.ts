import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ErrandEnd, placeOf } from '#core/errand.ts';
import { npmNetwork } from '#core/npm-network.ts';
import { visibleLine } from '#core/visible.ts';
import type { Artefact } from '#domain/launch.ts';
import { certificates } from '../certificates.ts';
import { folderSize } from '../open-up.ts';
import type { InstallOptions, Unavailable } from '../resolver.ts';
import { indexOf } from './index.ts';
import type { Python } from './python.ts';
import { canonicalName } from './wheels.ts';

/** Bytes of a package with all its dependencies, and milliseconds for one install: as for npm. */
const TREE_MAX = 1.5e9;
const DEADLINE = 120_000;
const CA = '/srv/ca.pem';
const REQUIREMENTS = '/srv/requirements.txt';

/** What to install, where from, and whether what comes as source may be built. */
export interface Wish {
  readonly name: string;
  readonly version: string;
  /** In lower-case hex. */
  readonly sha256: string;
  readonly index: URL;
  readonly builds: boolean;
  readonly certificates: boolean;
}

/** pip's command line, by paths inside the sandbox. It checks every file against the hash that the index states. */
export function pipCommand({ name, version, index, builds, certificates }: Wish): readonly string[] {
  return [
    ...['python3', '-I', '-m', 'pip', 'install', '--isolated', '--no-input', '--disable-pip-version-check'],
    ...['--target', '/srv/tree/site', '--report', '/srv/tree/report.json', '--no-cache-dir', '--no-compile'],
    ...['--no-warn-script-location', '--progress-bar', 'off', '--retries', '2', '--timeout', '30'],
    ...(builds ? ['--prefer-binary'] : ['--only-binary', ':all:']),
    ...['--index-url', index.href],
    ...(index.protocol === 'http:' ? ['--trusted-host', placeOf(index)] : []),
    ...(certificates ? ['--cert', CA] : []),
    `${name}==${version}`,
  ];
}

/** uv's command line for the same; it makes no report, so that the hash goes in with the requirement. */
export function uvCommand({ index, builds }: Wish): readonly string[] {
  return [
    ...['/opt/uv', 'pip', 'install', '--no-config', '--no-cache', '--no-progress', '--link-mode', 'copy'],
    ...['--python', '/usr/bin/python3', '--no-python-downloads', '--target', '/srv/tree/site'],
    ...(builds ? [] : ['--only-binary', ':all:']),
    ...['--default-index', index.href],
    ...(index.protocol === 'http:' ? ['--allow-insecure-host', placeOf(index)] : []),
    ...['--requirement', REQUIREMENTS],
  ];
}

/** Installs an artefact and its dependencies into `<folder>/site`, in a sandbox: building may run what they hold. */
export async function pythonInstall(
  artefact: Artefact & { readonly sha256: string; readonly fileUrl: string },
  folder: string,
  python: Python,
  options: InstallOptions,
): Promise<Unavailable | undefined> {
  const { confine, signal } = options;
  if (!confine) return refusal('no-sandbox', 'Python packages are installed in a sandbox only, and there is none');
  const index = indexOf(options);
  const { cafile, registry: _, ...ways } = await npmNetwork();
  const files = await certificates({ [CA]: process.env.PIP_CERT ?? cafile });
  const { name, version, sha256 } = artefact;
  const wish = { name, version, sha256, index, builds: options.builds ?? false, certificates: CA in files };
  const requirement = `${name}==${version} --hash=sha256:${sha256}\n`;
  await mkdir(join(folder, 'tmp'));
  const run = await confine({
    command: python.uv ? uvCommand(wish) : pipCommand(wish),
    env: { TMPDIR: '/srv/tree/tmp', ...(CA in files && { SSL_CERT_FILE: CA }) },
    reads: python.uv ? { '/opt/uv': python.uv } : {},
    writes: { '/srv/tree': folder },
    files: { ...files, [REQUIREMENTS]: requirement },
    cwd: '/srv/tree',
    reach: { hosts: [...new Set([placeOf(index), placeOf(new URL(artefact.fileUrl))])], ...ways },
    deadline: DEADLINE,
    signal,
    isTooLarge: async () => (await folderSize(folder, TREE_MAX)) > TREE_MAX,
  });
  signal?.throwIfAborted();
  await rm(join(folder, 'tmp'), { recursive: true, force: true });
  if (run.stopped === 'timeout')
    return refusal('timeout', `installing took longer than ${DEADLINE / 1000} seconds`, true);
  if (run.stopped === 'memory') return refusal('oom', 'installing took more memory than it may');
  if (run.stopped === 'too-large' || (await folderSize(folder, TREE_MAX)) > TREE_MAX)
    return refusal('too-large', `package and dependencies take more than ${TREE_MAX / 1e9} GB`);
  if (run.code !== 0) return readFailure(run);
  if (python.uv) return undefined;
  const got = await reported(join(folder, 'report.json'), name);
  return got === sha256
    ? undefined
    : refusal('integrity', `expected SHA-256 ${sha256}, installed was ${got ?? 'another file'}`);
}

function refusal(reason: string, detail: string, temporary = false): Unavailable {
  return { phase: 'install', reason, detail, temporary };
}

/** What pip and uv say when they give up, and what it means for us; the first that is found. */
const MEANINGS: readonly (readonly [said: RegExp, reason: string, temporary: boolean])[] = [
  [/DO NOT MATCH THE HASHES|Hash mismatch/i, 'integrity', false],
  [/requires a different Python|requires Python|not supported wheel/i, 'platform', false],
  [/ResolutionImpossible|conflicting dependencies|unsatisfiable/i, 'conflict', false],
  [
    /Connection(Error| refused)|ProxyError|Read timed out|Max retries|\b50\d (Server Error|Internal)|error sending request/i,
    'network',
    true,
  ],
  [/No space left/i, 'disk-full', true],
  [/No matching distribution|no versions of|Could not find a version/i, 'no-wheel', false],
  [/is not a supported|Invalid wheel|BadZipFile|is invalid/i, 'bad-archive', false],
];

function readFailure({ stdout, stderr, refused }: ErrandEnd): Unavailable {
  if (refused.length > 0)
    return refusal('remote-dependency', `it wants to fetch from ${refused.slice(0, 3).join(', ')}`);
  const said = `${stderr}\n${stdout}`;
  const [, reason, temporary] = MEANINGS.find(([pattern]) => pattern.test(said)) ?? [undefined, 'pip-failed', false];
  const line =
    stderr.split('\n').findLast((one) => /^\s*(ERROR|error)\b/.test(one)) ?? stderr.trim().split('\n').at(-1) ?? '';
  const shown = line.replace(/\bhttps?:\/\/[^\s,"')]+/g, 'the index').replaceAll('/srv/tree', '<tree>');
  return refusal(reason, visibleLine(shown.trim()).slice(0, 300) || 'the installer failed', temporary);
}

const Report = z.object({
  install: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      download_info: z.object({
        archive_info: z.object({ hash: z.string().optional(), hashes: z.record(z.string(), z.string()).optional() }),
      }),
    }),
  ),
});

/** The SHA-256 of the file that pip says it installed for a project. */
async function reported(file: string, name: string): Promise<string | undefined> {
  try {
    const { install } = Report.parse(JSON.parse(await readFile(file, 'utf8')));
    const found = install.find(({ metadata }) => canonicalName(metadata.name) === name)?.download_info.archive_info;
    return found?.hashes?.sha256 ?? /^sha256=(.+)$/.exec(found?.hash ?? '')?.[1];
  } catch {
    return undefined;
  } finally {
    await rm(file, { force: true });
  }
}
