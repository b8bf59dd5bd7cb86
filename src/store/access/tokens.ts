import { randomBytes } from 'node:crypto';
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm';
import { sha256 } from '#core/hash.ts';
import type { Bearer, Scope, TokenFacts } from '#domain/request.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { token } from '../tables/requests.ts';

const PREFIX = 'plm_';
/** 192 bits: nobody guesses it, so a plain hash keeps it as well as a slow one. */
const BYTES = 24;

/** Makes a token and keeps its hash. The text is given out here and nowhere else. */
export async function createToken(
  db: Db,
  wanted: Pick<Bearer, 'name' | 'scopes' | 'scansPerDay'> & { readonly expiresAt?: Date | undefined },
  now: Date,
): Promise<{ readonly id: number; readonly text: string }> {
  const text = PREFIX + randomBytes(BYTES).toString('base64url');
  const { name, scopes, scansPerDay, expiresAt } = wanted;
  const [row] = await db
    .insert(token)
    .values({
      name: storable(name),
      hash: sha256(text),
      scopes: [...new Set<Scope>(scopes)],
      scansPerDay,
      createdAt: now,
      expiresAt: expiresAt ?? null,
    })
    .returning({ id: token.id });
  return { id: row!.id, text };
}

/** Whose token a text is; undefined for one that was never given out, has run out or was revoked. */
export async function bearerOf(db: Db, text: string, now: Date): Promise<Bearer | undefined> {
  if (!/^plm_[\w-]{32}$/.test(text)) return undefined;
  const [row] = await db
    .select()
    .from(token)
    .where(
      and(eq(token.hash, sha256(text)), isNull(token.revokedAt), or(isNull(token.expiresAt), gt(token.expiresAt, now))),
    );
  return row && { id: row.id, name: row.name, scopes: row.scopes, scansPerDay: row.scansPerDay };
}

/** All tokens ever given out, oldest first. */
export async function listTokens(db: Db): Promise<readonly TokenFacts[]> {
  const rows = await db.select().from(token).orderBy(asc(token.id));
  return rows.map(({ hash: _, expiresAt, revokedAt, ...rest }) => ({
    ...rest,
    ...(expiresAt && { expiresAt }),
    ...(revokedAt && { revokedAt }),
  }));
}

/** Ends a token at once. False where there is none of that number, or it was revoked before. */
export async function revokeToken(db: Db, id: number, now: Date): Promise<boolean> {
  const rows = await db
    .update(token)
    .set({ revokedAt: now })
    .where(and(eq(token.id, id), isNull(token.revokedAt)))
    .returning({ id: token.id });
  return rows.length > 0;
}
