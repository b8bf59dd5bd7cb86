import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { staged, stagedText } from '../stage.ts';

/** The flags that show a sandbox the system's libraries: /usr, and what stands beside it as the system has it. */
export function libraryFlags(): readonly string[] {
  const flags = ['--ro-bind', '/usr', '/usr'];
  for (const path of ['/bin', '/lib', '/lib64', '/lib32', '/sbin']) {
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) flags.push('--symlink', readlinkSync(path).replace(/^\//, ''), path);
    else flags.push('--ro-bind', path, path);
  }
  // What the operator installed there is nobody's business.
  if (existsSync('/usr/local')) flags.push('--tmpfs', '/usr/local', '--remount-ro', '/usr/local');
  return flags;
}

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

const written = new Map<string, Promise<string>>();

/** The folder of an /etc that tells nothing of this machine, written once a run. */
export function fakeEtc(stage: string): Promise<string> {
  const etc = written.get(stage) ?? writeEtc(stage);
  written.set(stage, etc);
  return etc;
}

async function writeEtc(stage: string): Promise<string> {
  const etc = join(stage, 'etc');
  await mkdir(join(etc, 'ssl/certs'), { recursive: true, mode: 0o755 });
  const files = {
    passwd: 'u:x:1000:1000:u:/home/u:/bin/sh\n',
    group: 'u:x:1000:\n',
    hosts: '127.0.0.1 localhost\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'resolv.conf': '',
  };
  for (const [name, text] of Object.entries(files)) await stagedText(text, join(etc, name));
  if (existsSync(CERTIFICATES)) await staged(CERTIFICATES, join(etc, 'ssl/certs/ca-certificates.crt'));
  return etc;
}
