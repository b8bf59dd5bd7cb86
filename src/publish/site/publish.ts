import { setImmediate as turn } from 'node:timers/promises';
import type { Stamped } from '#domain/revision.ts';
import schema from '../../../data/schemas/policy.json' with { type: 'json' };
import { INDEXES, indexContent } from '../addresses/index-files.ts';
import { type StaticLinks, staticLinks } from '../addresses/links.ts';
import { llmsText } from '../addresses/llms.ts';
import { ASSETS } from '../assets.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Picture, ServerFacts } from '../page.ts';
import { PAGES } from '../registry.ts';
import { atOnce } from './at-once.ts';
import { chainsOf, groupsOf } from './catalogue-pages.ts';
import { siteEdition } from './edition.ts';
import { type Manifest, openManifest, type Published } from './manifest.ts';
import { groupOf, serverFiles } from './server-pages.ts';
import { sitemapFiles } from './sitemap-files.ts';
import { openWriter, type Planned, type Writer, type Wrote } from './writer.ts';

/** Kinds of pages about the whole that are written at once. */
const KINDS_AT_ONCE = 3;
/** The group of the sitemaps: they tell which pages there are, whatever is on them. */
const SITEMAP = '@sitemap';

/** How a site is wanted. */
export interface SiteOptions {
  /** Path under which the site will be served; begins and ends with a slash. */
  readonly base?: string;
  /** Scheme and host, for canonical links. */
  readonly origin?: string;
  /** Where verdicts can be disputed, with `{server}` and `{tool}` in it. */
  readonly disputes?: string;
  /** Writes the picture of every page that has one: they take far longer than the pages. */
  readonly pictures?: boolean;
  /** Makes every page again, and puts right what was changed or lost in the folder. */
  readonly afresh?: boolean;
}

/** A server whose pages are to be written again; `before` is what they were. */
export interface Task extends Stamped {
  readonly group: string;
  readonly before?: Wrote['group'];
}

/** The pages of one server, written. */
export interface Done extends Wrote {
  readonly id: string;
}

export interface SiteSource {
  readonly catalogue: Catalogue;
  /** Every server once. */
  stamps(): Promise<readonly Stamped[]>;
  /** Writes the pages of servers, in any order and as many at once as it likes, with `serverWriter`. */
  write(tasks: readonly Task[], folder: string, options: SiteOptions): AsyncIterable<Done>;
}

/**
 * Writes the catalogue as files that any web server can serve: the pages of servers that changed since the last time,
 * and of the catalogue as a whole. What an earlier run wrote and is gone is removed; files of others in the folder are
 * left alone. The same catalogue gives the same bytes, in one go or in many.
 */
export async function publishSite(source: SiteSource, folder: string, options: SiteOptions = {}): Promise<Published> {
  const catalogue = atOnce(source.catalogue);
  const { base = '/', origin, disputes, pictures = false } = options;
  const wanted = { base, origin: origin ?? null, disputes: disputes ?? null, pictures };
  const edition = siteEdition({ ...wanted, hidden: [...catalogue.hidden].sort() });
  const manifest = openManifest(folder);
  const revision = await catalogue.newestRevision();
  const last = manifest.made?.edition === edition && !options.afresh ? manifest.made : undefined;
  const tasks: Task[] = [];
  for (const server of await source.stamps()) {
    const group = groupOf(server.slug);
    const before = manifest.before(group);
    const stamp = `${edition} ${server.stamp}`;
    if (before?.stamp === stamp && !options.afresh) manifest.keep(group);
    else tasks.push({ ...server, stamp, group, ...(before && { before }) });
  }
  const links = staticLinks(base, origin, disputes, pictures);
  using writer = openWriter(manifest.folder);
  const kinds = PAGES.keys();
  await together(
    async (stop) => {
      for await (const { id, group, did } of source.write(tasks, manifest.folder, options)) {
        stop.throwIfAborted();
        manifest.record(id, group, did);
      }
    },
    () => writeBeside(catalogue, links, manifest, writer),
    // While pages of one kind are made the database looks up what others show.
    ...Array.from({ length: KINDS_AT_ONCE }, () => async (stop: AbortSignal) => {
      for (const kind of kinds) await writeCatalogue(kind, catalogue, links, last?.revision, manifest, writer, stop);
    }),
  );
  if (last && manifest.before(SITEMAP) && manifest.sameFiles(SITEMAP)) manifest.keep(SITEMAP);
  else await writeGroup(SITEMAP, sitemapFiles(manifest.now(), links), manifest, writer);
  return manifest.finish({ edition, revision });
}

/**
 * Does all at once: threads write servers while this one writes what is about all of them. Where one fails the others are
 * told to stop and waited for, and the first failure is thrown.
 */
async function together(...works: readonly ((stop: AbortSignal) => Promise<void>)[]): Promise<void> {
  const stop = new AbortController();
  const ends = works.map(async (work) => {
    try {
      await work(stop.signal);
    } catch (error) {
      stop.abort(error);
    }
  });
  await Promise.all(ends);
  stop.signal.throwIfAborted();
}

/**
 * What writes the pages of one server after another into a folder. To be called with facts and the task they are for.
 * `draw` is needed where the site has pictures.
 */
export function serverWriter(
  folder: string,
  { base = '/', origin, disputes, pictures }: SiteOptions,
  draw?: (picture: Picture) => Buffer,
) {
  const links = staticLinks(base, origin, disputes, pictures);
  const writer = openWriter(folder);
  return {
    write(task: Task, facts: ServerFacts): Done {
      const group = writer.begin(task.before);
      group.add(serverFiles(facts, links, draw));
      return { id: task.group, ...group.end(task.group, task.stamp) };
    },
    [Symbol.dispose]: () => writer[Symbol.dispose](),
  };
}

/** Writes what lies beside the pages: style, scripts, and the indexes that scripts read. */
async function writeBeside(
  catalogue: Catalogue,
  links: StaticLinks,
  manifest: Manifest,
  writer: Writer,
): Promise<void> {
  const assets = [
    ...Object.values(ASSETS).map(({ file, content }) => ({ path: `assets/${file}`, make: () => content })),
    { path: 'llms.txt', make: () => llmsText(links) },
    { path: 'schemas/policy.json', make: () => `${JSON.stringify(schema, null, 2)}\n` },
  ];
  await writeGroup('@', assets, manifest, writer);
  const content = await indexContent(catalogue);
  for (const index of INDEXES) await writeGroup(`@@${index.id}`, index.files(content, links), manifest, writer);
}

async function writeGroup(id: string, files: Iterable<Planned>, manifest: Manifest, writer: Writer): Promise<void> {
  const group = writer.begin(manifest.before(id));
  for (const planned of files) {
    group.add([planned]);
    // Threads that wait for work are given it in between.
    await turn();
  }
  const { group: now, did } = group.end(id, '');
  manifest.record(id, now, did);
}

async function writeCatalogue(
  kind: string,
  catalogue: Catalogue,
  links: StaticLinks,
  since: number | undefined,
  manifest: Manifest,
  writer: Writer,
  stop: AbortSignal,
): Promise<void> {
  const given = new Set<string>();
  for await (const { group: id, files } of chainsOf(kind, catalogue, links, since)) {
    if (given.has(id)) continue;
    given.add(id);
    const group = writer.begin(manifest.before(id));
    let some = false;
    for await (const planned of files) {
      group.add(planned);
      some = true;
      await turn();
    }
    stop.throwIfAborted();
    // Where there is nothing any more, nothing is recorded, and the end of it all removes what there was.
    if (!some) continue;
    const { group: now, did } = group.end(id, '');
    manifest.record(id, now, did);
  }
  const { page } = PAGES.get(kind)!;
  if (since === undefined || page.of !== 'catalogue' || !page.touched) return;
  for (const id of manifest.groups()) if (id.startsWith(groupsOf(kind)) && !given.has(id)) manifest.keep(id);
}
