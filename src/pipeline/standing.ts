import type { Standing } from '#domain/catalogue.ts';
import type { Sighting } from '#domain/server.ts';

/** What the present listings of a server say of its publisher and its repository; undefined where none says anything. */
export function standingOf(listings: readonly Sighting[]): Standing | undefined {
  const verified = listings.flatMap(({ verified: one, source, status }) =>
    one && status !== 'deleted' ? [{ ...one, source }] : [],
  );
  const withdrawn = listings.flatMap(({ status, source }) => (status === 'active' ? [] : [{ status, source }]));
  const forge = listings.find((one) => one.forge && one.status !== 'deleted')?.forge;
  const { archived, disabled, stars, license } = forge ?? {};
  const facts = Object.entries({ archived, disabled, stars, license }).filter(([, value]) => value !== undefined);
  if (verified.length + withdrawn.length + facts.length === 0) return undefined;
  return { verified, withdrawn, ...Object.fromEntries(facts) };
}
