import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE } from './containers.ts';

const root = join(import.meta.dirname, '..', '..');
/** Whom this machine believes on its way out, where it says so. */
const CA = process.env.NODE_EXTRA_CA_CERTS;
const npm = join(root, 'node_modules/npm/bin/npm-cli.js');

export function docker(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 64e6, cwd: root });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Why no image of ours can be built here; empty where one can. */
export const noImage =
  docker('image', 'inspect', IMAGE).status !== 0
    ? `docker has no image ${IMAGE}`
    : spawnSync(process.execPath, [npm, 'ping'], { timeout: 60_000 }).status === 0
      ? ''
      : 'npm has no registry';

/** The registry that npm of this machine asks. */
export function npmRegistryHere(): string {
  return spawnSync(process.execPath, [npm, 'config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
}

/**
 * Builds stand-ins for official images, which tests cannot pull, on the Debian that `npm run image` makes:
 * test/image/stand-ins/NAME.Dockerfile as `tag`. Throws with what the engine said.
 */
export function standIn(name: 'node' | 'postgres', tag: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-stand-in-'));
  try {
    cpSync(join(root, 'test/image/stand-ins'), folder, { recursive: true });
    if (name === 'node') {
      copyFileSync(realpathSync(join(root, 'node_modules/node/bin/node')), join(folder, 'node'));
      cpSync(join(root, 'node_modules/npm'), join(folder, 'npm'), { recursive: true, dereference: true });
      mkdirSync(join(folder, 'ca'));
      if (CA) copyFileSync(CA, join(folder, 'ca/extra.pem'));
      else writeFileSync(join(folder, 'ca/extra.pem'), '');
    }
    const args = ['--build-arg', `BASE=${IMAGE}`, '--network', name === 'node' ? 'none' : 'host'];
    if (name === 'node' && CA) args.push('--build-arg', 'CA=/etc/ssl/extra.pem');
    const built = docker('build', ...args, '--tag', tag, '--file', join(folder, `${name}.Dockerfile`), folder);
    if (built.status !== 0) throw new Error(built.stderr.slice(-2000) + built.stdout.slice(-2000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes images, and what building them left. */
export function removeImages(...tags: readonly string[]): void {
  docker('image', 'rm', '--force', ...tags);
  docker('image', 'prune', '--force', '--filter', 'label=plimsoll=build');
}
