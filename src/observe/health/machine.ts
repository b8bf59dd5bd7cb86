import { statfs } from 'node:fs/promises';
import type { Settings } from '#config.ts';
import { type Finding, lasting, well, wrong } from './finding.ts';

/** Under this, a night's installs and pages may not fit any more. */
const LEAST = { bytes: 2e9, share: 0.03 };
/** Workers compare what they wrote; NTP keeps machines within milliseconds. */
const SKEW = 5_000;

/** Whether what is kept still has room. */
export async function diskFinding({ home, treesGb }: Pick<Settings, 'home' | 'treesGb'>): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(home);
  return roomIn(home, bavail * bsize, blocks * bsize, treesGb);
}

export function roomIn(home: string, free: number, all: number, treesGb: number): Finding {
  const found = `${(free / 1e9).toFixed(1)} GB free of ${(all / 1e9).toFixed(1)} in ${home}`;
  if (free >= LEAST.bytes && free >= all * LEAST.share) return well('disk', found);
  return wrong('disk', `nearly full: ${found}`, {
    needed: free < LEAST.bytes / 10,
    advice: `Installed packages may take ${treesGb} GB (PLIMSOLL_TREES_GB); history older than PLIMSOLL_KEEP_DAYS can go.`,
    command: 'npm run plimsoll -- db prune',
  });
}

/** Whether this machine and the database agree on what time it is. */
export function clockFinding(database: Date, here: Date): Finding {
  const off = here.getTime() - database.getTime();
  if (Math.abs(off) <= SKEW) return well('clock', 'agrees with the database’s');
  return wrong('clock', `${lasting(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} the database’s`, {
    advice: 'Visits are dated by this clock, and due dates are compared with them.',
    command: 'timedatectl set-ntp true',
  });
}
