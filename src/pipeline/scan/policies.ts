import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { withoutSecrets } from '#core/secrets.ts';
import { visible, visibleLine } from '#core/visible.ts';
import type { Policy, Profile } from '#domain/policy.ts';
import { type Exporter, type Loss, loadExporters } from '#publish/formats/exporter.ts';
import { lastLegsAcross } from '#recommend/last-legs-across.ts';
import { recommend } from '#recommend/recommend.ts';
import type { Client, PolicyWriting } from '#setup/client.ts';
import { NotEditable } from '#setup/edit/json.ts';
import type { Around } from '#setup/places.ts';
import { shownPath } from './plan.ts';
import type { ClientSetup, Scan, ScannedServer } from './scanned.ts';

/** The policy for the servers of one client that is read from one file, and that file as it is and as it would be. */
export interface PolicyFile {
  readonly client: string;
  readonly title: string;
  readonly path: string;
  readonly shown: string;
  readonly before: string;
  /** Absent where it is not to be had; `why` says why. */
  readonly after?: string;
  readonly why?: string;
  /** The file that is there cannot be edited without loss. */
  readonly refused?: true;
  readonly losses: readonly Loss[];
  /** Servers that the policy is not for, and why: sentences. */
  readonly left: readonly string[];
}

/** The policies of a scan, a file each, worked out and not yet written; and clients that take none, each with why: sentences. */
export async function policyFiles(
  scan: Scan,
  clients: readonly Client[],
  around: Around,
  profile: Profile,
): Promise<{ readonly files: readonly PolicyFile[]; readonly without: readonly string[] }> {
  const exporters = await loadExporters();
  const files: PolicyFile[] = [];
  const without: string[] = [];
  for (const setup of scan.clients) {
    const { policy, unruled = 'no file of it holds a policy' } = clients.find(({ id }) => id === setup.client)!;
    if (!policy) {
      without.push(`${setup.title}: ${unruled}.`);
      continue;
    }
    const places = Map.groupBy(setup.servers, ({ entry }) =>
      policy.place({ path: entry.file, scope: entry.scope }, around),
    );
    for (const [path, servers] of places)
      if (path === undefined)
        without.push(...servers.map(({ place }) => `${setup.title} (${place}): what it brings is not yours to edit.`));
      else files.push(await policyFile(setup, servers, path, policy, exporters.get(policy.format)!, around, profile));
  }
  return { files, without: [...new Set(without)] };
}

async function policyFile(
  { client, title, combinations }: ClientSetup,
  servers: readonly ScannedServer[],
  path: string,
  writing: PolicyWriting,
  exporter: Exporter,
  around: Around,
  profile: Profile,
): Promise<PolicyFile> {
  const completed = lastLegsAcross(combinations);
  const left: string[] = [];
  const labels = new Map<string, string>();
  const policies: Policy[] = [];
  const taken = Map.groupBy(servers, ({ entry }) => writing.label(entry.name));
  for (const one of servers) {
    const { entry, server } = one;
    if (server.tools.length === 0) {
      if (one.outcome !== 'disabled') left.push(`${entry.name}: nothing is known of its tools.`);
      continue;
    }
    const label = writing.label(entry.name);
    const others = label === undefined ? [] : taken.get(label)!.filter((other) => other.entry.name !== entry.name);
    if (label === undefined) left.push(`${entry.name}: ${title} would not find rules for a server of this name.`);
    else if (others.length > 0) left.push(`${entry.name}: ${title} would take it for ${others[0]!.entry.name}.`);
    else if ([...labels.values()].includes(label))
      left.push(`${entry.name} of ${one.place}: another server of this name is ruled already.`);
    else {
      labels.set(server.slug, label);
      policies.push(recommend(server, profile, {}, completed.get(server.id)));
    }
  }
  const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw error;
  });
  const base = { client, title, path, shown: shownPath(path, around), before, left };
  if (policies.length === 0) return { ...base, losses: [], why: 'There is no server to write a policy for.' };
  const { files, losses } = exporter.write(policies, { labels });
  try {
    return { ...base, losses, after: writing.merge(before, files[0]!.text, [...labels.values()]) };
  } catch (error) {
    if (!(error instanceof NotEditable)) throw error;
    return { ...base, losses, refused: true, why: `${shownPath(path, around)} is left as it is: ${error.message}.` };
  }
}

/** What would change in the file, as a unified diff, terminal-safe and without the user's own. */
export function policyDiff({ shown, before, after = before }: PolicyFile, redact: (text: string) => string): string {
  const label = visibleLine(shown);
  const diff = createTwoFilesPatch(label, label, before, after, 'as it is', 'with the policy', { context: 2 });
  return visible(
    diff
      .split('\n')
      .map((line) => withoutSecrets(redact(line)))
      .join('\n'),
  );
}

/**
 * Writes the file, whole or not at all, with its mode and through links; the text that was there is kept beside.
 * Answers the path of that copy; undefined where there was no file. Rejects where the file is no longer what was read.
 */
export async function writePolicy({ path, before, after }: PolicyFile, now: Date): Promise<string | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => undefined);
  const part = `${target}.plimsoll-${process.pid}`;
  const mode = there ? there.mode & 0o777 : 0o644;
  if (there && (await readFile(target, 'utf8')) !== before) throw new Error(`${path} was changed meanwhile.`);
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const backup = there ? `${target}.${stamp}.bak` : undefined;
  if (backup !== undefined) {
    await copyFile(target, backup, constants.COPYFILE_EXCL);
    await chmod(backup, mode);
  }
  await writeFile(part, after!, { mode, flag: 'wx' });
  await rename(part, target);
  return backup;
}
