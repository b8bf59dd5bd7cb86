import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';

/** How npm packages are reached from this machine: what the operator's npm configuration says of it, and no credentials. */
export interface NpmNetwork {
  readonly registry?: string;
  readonly proxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  /** File of certificates to trust, in PEM. */
  readonly cafile?: string;
}

/** Path of npm's program: the pinned dependency's, so that the machine's own npm, which may be older, is not relied on. */
export const NPM_PROGRAM = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin/npm-cli.js');

/** Long enough for npm to start on a busy machine. */
const PATIENCE = 20_000;

let configured: Promise<NpmNetwork> | undefined;

/**
 * Reads the operator's npm configuration once a process; `registry` overrides its registry.
 * The npm that is asked is the operator's own, since where the global file lies depends on where npm is installed; the
 * pinned one where there is none. What cannot be read counts as not set.
 */
export async function npmNetwork(registry?: string): Promise<NpmNetwork> {
  configured ??= readNetwork();
  return { ...(await configured), ...(registry !== undefined && { registry }) };
}

async function readNetwork(): Promise<NpmNetwork> {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.split(sep).includes('node_modules'));
  const command = ['config', 'list', '--json'];
  const options = {
    timeout: PATIENCE,
    maxBuffer: 4_000_000,
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === 'win32',
  };
  const output = await promisify(execFile)('npm', command, options)
    .catch(() => promisify(execFile)(process.execPath, [NPM_PROGRAM, ...command], options))
    .catch(() => ({ stdout: '{}' }));
  return pickNetwork(output.stdout);
}

/** What `npm config list --json` says of the network. */
export function pickNetwork(json: string): NpmNetwork {
  let config: { readonly [key: string]: unknown };
  try {
    config = Object(JSON.parse(json)) as { [key: string]: unknown };
  } catch {
    return {};
  }
  const text = (key: string) => {
    const value = config[key];
    return (Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : '') || undefined;
  };
  const found = {
    registry: text('registry'),
    proxy: text('proxy'),
    httpsProxy: text('https-proxy'),
    noProxy: text('noproxy'),
    cafile: text('cafile'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The network as options of npm's libraries (pacote). A certificate file that cannot be read is left out. */
export function npmLibraryOptions({ cafile, ...network }: NpmNetwork): NpmNetwork & { readonly ca?: string[] } {
  if (cafile === undefined) return network;
  try {
    const ca = readFileSync(cafile, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
    return ca ? { ...network, ca } : network;
  } catch {
    return network;
  }
}

/** The network as variables of an npm process. Variables, since a proxy's address may hold a password that `ps` would show. */
export function npmVariables(network: NpmNetwork): Record<string, string> {
  const { registry, proxy, httpsProxy, noProxy, cafile } = network;
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return {
    ...(registry !== undefined && { npm_config_registry: registry }),
    ...(proxy !== undefined && { npm_config_proxy: proxy }),
    ...(httpsProxy !== undefined && { npm_config_https_proxy: httpsProxy }),
    ...(noProxy !== undefined && { npm_config_noproxy: noProxy }),
    ...(cafile !== undefined && { npm_config_cafile: cafile }),
    ...(extra !== undefined && { NODE_EXTRA_CA_CERTS: extra }),
  };
}
