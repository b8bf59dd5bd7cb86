import { eq } from 'drizzle-orm';
import { among } from '../engine/bulk.ts';
import { chunks } from '../engine/chunks.ts';
import type { Db } from '../engine/open.ts';
import { alias, server } from '../tables/servers.ts';
import type { Joining, Placement } from './regroup.ts';

interface Slugged {
  readonly placements: readonly Placement[];
  readonly rows: ReadonlyMap<string, typeof server.$inferSelect>;
  readonly now: Date;
  readonly joining: Pick<Joining, 'slugOf' | 'otherSlug'>;
}

/** A server that turns out to be another lets go of its slug, so that the other may take it; the address stays. */
export async function yieldSlugs(
  tx: Db,
  losers: readonly { readonly id: string; readonly winner: string }[],
  rows: Slugged['rows'],
  now: Date,
): Promise<void> {
  for (const { id, winner } of losers) {
    await tx
      .update(server)
      .set({ slug: `merged:${id}`, mergedInto: winner })
      .where(eq(server.id, id));
    await keepSlug(tx, rows.get(id)!.slug, winner, now);
  }
}

async function keepSlug(tx: Db, slug: string, serverId: string, now: Date): Promise<void> {
  const row = { address: `slug:${slug}`, kind: 'slug' as const, key: slug, serverId, sightingId: null };
  await tx
    .insert(alias)
    .values({ ...row, since: now })
    .onConflictDoUpdate({ target: alias.address, set: { serverId } });
}

/** Each server's slug: the wished one where no other server has or had it, else one of its own. */
export async function chooseSlugs(
  tx: Db,
  work: Slugged,
  gone: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const { placements, rows, joining } = work;
  const wished = new Map(placements.map(({ id, group }) => [id, joining.slugOf(group)]));
  const holders = new Map<string, string>();
  for (const part of chunks([...new Set(wished.values())])) {
    const addresses = part.map((slug) => `slug:${slug}`);
    const had = await tx.select().from(alias).where(among(alias.address, addresses));
    for (const row of had) holders.set(row.key, row.serverId);
    const has = await tx.select({ id: server.id, slug: server.slug }).from(server).where(among(server.slug, part));
    for (const row of has) if (!gone.has(row.id)) holders.set(row.slug, row.id);
  }
  const slugs = new Map<string, string>();
  for (const [id, slug] of wished) {
    const holder = holders.get(slug);
    const chosen = holder === undefined || holder === id || gone.has(holder) ? slug : joining.otherSlug(slug, id);
    holders.set(chosen, id);
    slugs.set(id, chosen);
  }
  for (const [id, slug] of slugs) {
    const row = rows.get(id);
    if (row && row.slug !== slug && row.mergedInto === null) await keepSlug(tx, row.slug, id, work.now);
  }
  return slugs;
}
