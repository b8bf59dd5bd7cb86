import { and, asc, count, eq, gt, inArray, isNull, min } from 'drizzle-orm';
import { withoutSecrets } from '#core/secrets.ts';
import type { Bearer, Dispute, Objection, ScanRequest } from '#domain/request.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { dispute, scanRequest, token } from '../tables/requests.ts';
import { alias } from '../tables/servers.ts';
import { enumerateAgain } from '../visit/servers.ts';

const DAY = 86_400_000;
/** Disputes that one token may have open; a person reads each. */
const OPEN_DISPUTES = 50;

type Kept = { readonly id: number } | { readonly retryAt: Date | undefined };

/**
 * Keeps the wish that a server be looked at. One that already waits is not asked for twice, whoever asked. Where the
 * token has had its scans of the day, says when there is one again.
 */
export async function requestScan(db: Db, bearer: Bearer, address: string, now: Date): Promise<Kept> {
  return db.transaction(async (tx) => {
    // Two requests at once must not both be the last.
    await tx.select({ id: token.id }).from(token).where(eq(token.id, bearer.id)).for('update');
    const [waiting] = await tx
      .select({ id: scanRequest.id })
      .from(scanRequest)
      .where(and(eq(scanRequest.address, address), eq(scanRequest.tokenId, bearer.id), isNull(scanRequest.takenAt)));
    if (waiting) return waiting;
    const [spent] = await tx
      .select({ scans: count(), first: min(scanRequest.askedAt) })
      .from(scanRequest)
      .where(and(eq(scanRequest.tokenId, bearer.id), gt(scanRequest.askedAt, new Date(now.getTime() - DAY))));
    if (spent!.scans >= bearer.scansPerDay)
      return { retryAt: spent!.first ? new Date(spent!.first.getTime() + DAY) : undefined };
    const [row] = await tx
      .insert(scanRequest)
      .values({ tokenId: bearer.id, address, askedAt: now })
      .returning({ id: scanRequest.id });
    return row!;
  });
}

/** A token's own request. */
export async function scanRequestOf(db: Db, tokenId: number, id: number): Promise<ScanRequest | undefined> {
  const [row] = await db
    .select()
    .from(scanRequest)
    .where(and(eq(scanRequest.id, id), eq(scanRequest.tokenId, tokenId)));
  return row && { id, address: row.address, askedAt: row.askedAt, ...(row.takenAt && { takenAt: row.takenAt }) };
}

/** Addresses that wait to be looked at, in the order in which they were asked for, each once. */
export async function addressesWanted(db: Db): Promise<readonly string[]> {
  const rows = await db
    .select({ address: scanRequest.address, id: min(scanRequest.id) })
    .from(scanRequest)
    .where(isNull(scanRequest.takenAt))
    .groupBy(scanRequest.address)
    .orderBy(asc(min(scanRequest.id)));
  return rows.map(({ address }) => address);
}

/** Notes that a crawl took these servers up: what was asked of them waits no more, and they are looked at anew. */
export async function takeUpRequests(db: Db, serverIds: readonly string[], now: Date): Promise<void> {
  const waiting = await db
    .select({ id: scanRequest.id, serverId: alias.serverId })
    .from(scanRequest)
    .innerJoin(alias, eq(alias.address, scanRequest.address))
    .where(isNull(scanRequest.takenAt));
  const taken = new Set(serverIds);
  const these = waiting.filter(({ serverId }) => taken.has(serverId));
  if (these.length === 0) return;
  await enumerateAgain(db, [...new Set(these.map(({ serverId }) => serverId))], now);
  await db
    .update(scanRequest)
    .set({ takenAt: now })
    .where(
      inArray(
        scanRequest.id,
        these.map(({ id }) => id),
      ),
    );
}

/** Keeps what somebody holds against a verdict; undefined where the token has too many of them open. */
export async function recordDispute(
  db: Db,
  bearer: Bearer,
  objection: Objection,
  now: Date,
): Promise<number | undefined> {
  const [open] = await db
    .select({ disputes: count() })
    .from(dispute)
    .where(and(eq(dispute.tokenId, bearer.id), isNull(dispute.closedAt)));
  if (open!.disputes >= OPEN_DISPUTES) return undefined;
  const [row] = await db
    .insert(dispute)
    .values({
      ...objection,
      category: objection.category ?? null,
      risk: objection.risk ?? null,
      reason: storable(withoutSecrets(objection.reason)),
      tokenId: bearer.id,
      askedAt: now,
    })
    .returning({ id: dispute.id });
  return row!.id;
}

/** Disputes that nobody has answered, oldest first. */
export async function openDisputes(db: Db): Promise<readonly Dispute[]> {
  const rows = await db.select().from(dispute).where(isNull(dispute.closedAt)).orderBy(asc(dispute.id));
  return rows.map(({ tokenId: _, closedAt: __, category, risk, ...rest }) => ({
    ...rest,
    ...(category && { category }),
    ...(risk && { risk }),
  }));
}

/** Closes a dispute. False where there is none of that number, or it was closed before. */
export async function closeDispute(db: Db, id: number, now: Date): Promise<boolean> {
  const rows = await db
    .update(dispute)
    .set({ closedAt: now })
    .where(and(eq(dispute.id, id), isNull(dispute.closedAt)))
    .returning({ id: dispute.id });
  return rows.length > 0;
}
