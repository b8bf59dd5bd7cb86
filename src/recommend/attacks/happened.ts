import { gte, valid } from '@renovatebot/pep440';
import semver from 'semver';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { code, type Prose, prose } from '../prose.ts';
import type { Attack } from './attack.ts';
import { allAttacks } from './library.ts';

/** An attack that happened to the very server. */
export interface Concerned {
  readonly attack: Attack;
  readonly because: Prose;
  readonly strength: number;
  /** Names of the tools concerned; all of them where none are named. */
  readonly tools?: readonly string[];
}

type Affected = NonNullable<Attack['packages']>[number] & { readonly attack: Attack };

interface Places {
  readonly purls: ReadonlyMap<string, readonly Affected[]>;
  readonly hosts: ReadonlyMap<string, readonly Attack[]>;
}
let known: Places | undefined;

/** Where documented attacks happened. */
function places(): Places {
  if (known) return known;
  const purls = new Map<string, readonly Affected[]>();
  const hosts = new Map<string, readonly Attack[]>();
  for (const attack of allAttacks()) {
    for (const one of attack.packages ?? []) purls.set(one.purl, [...(purls.get(one.purl) ?? []), { ...one, attack }]);
    for (const host of attack.hosts ?? []) hosts.set(host, [...(hosts.get(host) ?? []), attack]);
  }
  known = { purls, hosts };
  return known;
}

/** What documented attacks happened to this very server: to its packages, with what is known of the fix, or at its host. */
export function happenedTo(server: CatalogueServer): readonly Concerned[] {
  return [...toPackages(server), ...atHosts(server)];
}

function atHosts({ remotes }: CatalogueServer): readonly Concerned[] {
  const hosts = new Set(remotes.flatMap(({ url }) => URL.parse(url)?.hostname ?? []));
  return [...hosts].flatMap((host) =>
    (places().hosts.get(host) ?? []).map((attack) => ({
      attack,
      strength: 4,
      because: prose`this is the host at which it happened, ${code(host)}`,
    })),
  );
}

function toPackages(server: CatalogueServer): readonly Concerned[] {
  return server.packages.flatMap(({ purl, version }) =>
    (places().purls.get(purl) ?? []).map(({ attack, fixed, tools }): Concerned => {
      const listed = listedVersion(server, purl) ?? version;
      const mended = fixed !== undefined && listed !== undefined ? isAtLeast(purl, listed, fixed) : undefined;
      return {
        attack,
        strength: mended ? 2 : 4,
        ...(tools && { tools }),
        because: prose`this is the package that it happened to${fixed === undefined ? '' : `; ${fixed} mended it`}${standing(listed, mended)}`,
      };
    }),
  );
}

function standing(listed: string | undefined, mended: boolean | undefined): Prose {
  if (listed === undefined || mended === undefined) return [];
  return prose`, and the version listed here, ${code(listed)}, ${mended ? 'is not older' : 'is older'}`;
}

/** The version that was looked at, which may be another than the listings name. */
function listedVersion({ visit }: CatalogueServer, purl: string): string | undefined {
  const artefact = visit?.artefact;
  return artefact?.purl.startsWith(`${purl}@`) ? artefact.version : undefined;
}

/** Undefined where a version is none of its ecosystem. */
function isAtLeast(purl: string, version: string, fixed: string): boolean | undefined {
  if (purl.startsWith('pkg:pypi/')) return valid(version) && valid(fixed) ? gte(version, fixed) : undefined;
  return semver.valid(version) && semver.valid(fixed) ? semver.gte(version, fixed) : undefined;
}
