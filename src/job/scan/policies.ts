import { visibleLine } from '#core/visible.ts';
import type { Profile } from '#domain/policy.ts';
import { policyDiff, policyFiles, writePolicy } from '#pipeline/scan/policies.ts';
import type { Scan } from '#pipeline/scan/scanned.ts';
import type { Client } from '#setup/client.ts';
import type { Around } from '#setup/places.ts';

/** Losses named for one file before the rest is counted. */
const LOSSES_SHOWN = 5;

/**
 * Says what the recommended policies would change in the files of clients, and with `write` shows it and does it.
 * Answers whether all that was to be written is.
 */
export async function writePolicies(
  scan: Scan,
  clients: readonly Client[],
  around: Around,
  options: {
    readonly profile: Profile;
    readonly write: boolean;
    readonly now: Date;
    readonly redact: (text: string) => string;
    say(text: string): void;
  },
): Promise<boolean> {
  const { profile, write, now, redact } = options;
  const say = (text: string) => options.say(visibleLine(redact(text)));
  const { files, without } = await policyFiles(scan, clients, around, profile);
  let whole = true;
  for (const file of files) {
    if (write) for (const sentence of file.left) say(`Not ruled: ${sentence}`);
    if (file.after === undefined) {
      if (write) say(`Not written: ${file.why}`);
      whole &&= !file.refused;
      continue;
    }
    if (file.after === file.before) {
      say(`${file.title}: ${file.shown} holds the recommended policy already; nothing changes.`);
      continue;
    }
    if (!write) {
      say(`${file.title}: --write puts the recommended policy into ${file.shown}.`);
      continue;
    }
    options.say(policyDiff(file, redact).trimEnd());
    const backup = await writePolicy(file, now);
    say(`Written: ${file.shown}${backup === undefined ? '' : `; as it was: ${backup}`}`);
    const told = file.losses.map(
      ({ server, tool, lost, became, why }) => `Lost: ${server} ${tool}: ${lost} became ${became}. ${why}`,
    );
    for (const line of told.slice(0, LOSSES_SHOWN)) say(line);
    if (told.length > LOSSES_SHOWN)
      say(`… and ${told.length - LOSSES_SHOWN} more that ${file.title} cannot say; all became asking or denying.`);
  }
  if (write) for (const sentence of without) say(`Nothing is written for ${sentence}`);
  return !write || whole;
}
