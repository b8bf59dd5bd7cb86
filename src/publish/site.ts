import type { CatalogueServer } from '#domain/catalogue.ts';
import schema from '../../data/schemas/policy.json' with { type: 'json' };
import type { Face } from './address.ts';
import { ASSETS } from './assets.ts';
import type { Catalogue } from './catalogue.ts';
import { type Disk, openDisk, type Published } from './disk.ts';
import { facesOf, hereAt, textOf } from './faces.ts';
import { factsOf } from './facts.ts';
import { type StaticLinks, staticLinks } from './links.ts';
import type { CataloguePage } from './page.ts';
import type { Key } from './paths.ts';
import { policyText } from './policy-text.ts';
import { PAGES, type Placed } from './registry.ts';

export interface SiteSource {
  /** Every server once. */
  readonly servers: AsyncIterable<CatalogueServer>;
  readonly catalogue: Catalogue;
}

export interface SiteOptions {
  /** Path under which the site will be served; begins and ends with a slash. */
  readonly base?: string;
  /** Scheme and host, for canonical links. */
  readonly origin?: string;
}

/**
 * Writes the whole catalogue as files that any web server can serve. Only what changed is written; what an earlier run
 * wrote and is gone is removed; files of others in the folder are left alone. The same catalogue gives the same bytes.
 */
export async function publishSite(source: SiteSource, outDir: string, options: SiteOptions = {}): Promise<Published> {
  const links = staticLinks(options.base ?? '/', options.origin);
  const disk = openDisk(outDir);
  for (const { file, content } of Object.values(ASSETS)) disk.write(`assets/${file}`, content);
  disk.write('schemas/policy.json', `${JSON.stringify(schema, null, 2)}\n`);
  for await (const server of source.servers) publishServer(server, links, disk);
  for (const { page, path } of PAGES.values())
    if (page.of === 'catalogue' && !page.liveOnly) {
      const keys = page.keys?.(source.catalogue, undefined) ?? [[]];
      for await (const key of keys) await publishChain({ page, path }, key, source.catalogue, links, disk);
    }
  return disk.finish();
}

function publishServer(server: CatalogueServer, links: StaticLinks, disk: Disk): void {
  const facts = factsOf(server, []);
  for (const { page, path } of PAGES.values()) {
    if (page.of !== 'server') continue;
    const stems = new Set<string>();
    for (const { name, subject } of page.subjects(facts)) {
      const stem = path.stem(path.names > 1 ? [server.slug, name] : [server.slug]);
      // A server may list a name twice; the first has the page, as it has the address in the live catalogue.
      if (stems.has(stem)) continue;
      stems.add(stem);
      write({ page, path }, subject, stem, links, disk);
    }
  }
  disk.write(links.file(links.policy(server.slug)), policyText(facts.policy));
}

/** A page and those that follow it. */
async function publishChain(
  { page, path }: Placed & { readonly page: CataloguePage<unknown> },
  key: Key,
  catalogue: Catalogue,
  links: StaticLinks,
  disk: Disk,
): Promise<void> {
  const first = path.stem(key);
  let cursor: string | undefined;
  for (let number = 1; ; number++) {
    const loaded = await page.load({ key, parameters: {}, ...(cursor !== undefined && { cursor }) }, catalogue);
    if (!loaded) return;
    const { subject, next } = loaded;
    const stem = stemOf(first, number);
    write({ page, path }, subject, stem, links, disk, next === undefined ? undefined : stemOf(first, number + 1));
    if (next === undefined) return;
    cursor = next;
  }
}

/** Where the later pages of a list are: in a folder '-', which is no name of anything. */
function stemOf(first: string, number: number): string {
  return number === 1 ? first : first.replace(/([^/]+)$/, (name) => `-/${name === 'index' ? '' : `${name}/`}${number}`);
}

function write({ page }: Placed, subject: unknown, stem: string, links: StaticLinks, disk: Disk, next?: string): void {
  for (const face of ['html', ...facesOf(page, links)] as const) {
    if (face === 'png') continue;
    const at = (one: Face | 'html') => links.at(stem, one);
    const here = hereAt(page, links, at, next === undefined ? undefined : links.at(next, face));
    disk.write(`${stem}.${face}`, textOf(face, page, subject, links, here));
  }
}
