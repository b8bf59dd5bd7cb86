import type { Bearer, Objection } from '#domain/request.ts';
import { recordDispute, requestScan, scanRequestOf } from '#store/access/requests.ts';
import { bearerOf } from '#store/access/tokens.ts';
import type { World } from '#world.ts';

/** Where those who hold a token may write, in the catalogue's database. */
export function deskOf({ db, now, blocked }: Pick<World, 'db' | 'now' | 'blocked'>) {
  return {
    bearer: (token: string) => bearerOf(db, token, now()),
    requestScan: (bearer: Bearer, address: string) => requestScan(db, bearer, address, now()),
    scan: (bearer: Bearer, id: number) => scanRequestOf(db, bearer.id, id),
    dispute: (bearer: Bearer, objection: Objection) => recordDispute(db, bearer, objection, now()),
    isBlocked: (address: string) => blocked.has(address),
  };
}
