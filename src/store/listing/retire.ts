import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { PackageRef } from '#domain/server.ts';
import type { Db } from '../engine/open.ts';
import { presence } from '../tables/tools.ts';
import { enumeration } from '../tables/visits.ts';

/** Ends the presence of tools that a server has from packages which turned out to be another server's. */
export async function retireTools(
  tx: Db,
  serverId: string,
  packages: { readonly before: readonly PackageRef[]; readonly after: readonly PackageRef[] },
  now: Date,
): Promise<void> {
  const kept = new Set(packages.after.map(({ purl }) => purl));
  const lost = packages.before.map(({ purl }) => purl).filter((purl) => !kept.has(purl));
  if (lost.length === 0) return;
  const visits = tx
    .select({ id: enumeration.id })
    .from(enumeration)
    .where(and(eq(enumeration.serverId, serverId), inArray(enumeration.purl, lost)));
  await tx
    .update(presence)
    .set({ goneAt: now })
    .where(and(eq(presence.serverId, serverId), isNull(presence.goneAt), inArray(presence.lastEnumeration, visits)));
}
