import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type { Policy } from '#domain/policy.ts';
import type { Depth } from '#domain/search.ts';
import type { Feed } from './addresses/feeds.ts';
import type { Links } from './addresses/links.ts';
import type { Key } from './addresses/paths.ts';
import type { Catalogue } from './catalogue.ts';
import type { Html } from './markup/html.ts';
import type { Markdown } from './markup/markdown.ts';

/*
 * A new kind of page is one new file in `pages/`, which has it as its default export; live server and static site find it
 * there. Its id is the file's name. Nothing else goes into that folder: parts of pages stand beside it.
 *
 * What is made of one server alone is a `ServerPage`: a night writes it again only where its server changed, so it must
 * show nothing of other servers and no totals. Everything else is a `CataloguePage`: written again every night, or for
 * the keys that it names, so all of them together stay few or cheap.
 *
 * Pages link to one another by kind and key: `links.to('attack', id)`, `links.server(slug)`, `links.tool(slug, name)`,
 * `links.face('svg', 'server', slug)`. What `layout` needs of the place is passed through `here`. Markup is made with
 * `html` of `html.ts`, Markdown with `md` of `markdown.ts`; both escape whatever stands in a hole.
 */

/** Where a page stands, as the engine knows it; all of it is handed on to `layout`. */
export interface Here {
  /** The page's own address; absent for one that has none. */
  readonly address?: string;
  /** Address of the next page of a list. */
  readonly next?: string;
  /** Addresses of its other faces: Markdown, Atom, the picture for those who link to it. */
  readonly faces?: { readonly md?: string; readonly atom?: string; readonly png?: string };
}

interface Kind<Subject> {
  readonly id: string;
  /** Where its pages are, live and static: `/attacks/:id`; see `pathOf`. */
  readonly path: string;
  /** A whole document, made with `layout`. */
  render(subject: Subject, links: Links, here?: Here): Html;
  /** The same for those who read Markdown: address with `.md` at its end. */
  markdown(subject: Subject, links: Links, here?: Here): Markdown;
  /** A badge for others to embed, as SVG: address with `.svg`. */
  badge?(subject: Subject): string;
  /** Atom: address with `.atom`. */
  feed?(subject: Subject, links: Links): Feed;
  /** What the picture shows that goes with a link to the page: address with `.png`. Strangers' words as they are. */
  picture?(subject: Subject): Picture;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Short words of ours, each with the colour that its class has on pages. */
  readonly badges: readonly { readonly text: string; readonly tone: string }[];
}

/** Everything that the pages of one server are made of. Made once for all of them: keep what they share by it. */
export interface ServerFacts {
  readonly server: CatalogueServer;
  /** Its recommended policy. */
  readonly policy: Policy;
  /** What changed in its tools since they were first listed, newest first, at most `CHANGES`. */
  readonly changes: readonly Change[];
}
export const CHANGES = 50;

/** Pages made of one server's facts alone. The first placeholder of the path is the server's `*slug`. */
export interface ServerPage<Subject> extends Kind<Subject> {
  readonly of: 'server';
  /** How much of the server its pages show; all where absent. */
  readonly depth?: Depth;
  /** Its pages of this kind; `name` is the second placeholder, empty where there is none. The first with a name has it. */
  subjects(facts: ServerFacts): Iterable<{ readonly name: string; readonly subject: Subject }>;
}

/** What is asked of a catalogue page. */
export interface Asked {
  readonly key: Key;
  /** What the page before gave as `next`; absent on the first. */
  readonly cursor?: string;
  /** Parameters of the address that the kind declares; none on the static site. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Loaded<Subject> {
  readonly subject: Subject;
  /** The cursor of the page that follows: any text, opaque to readers. */
  readonly next?: string;
}

/** Pages about the catalogue as a whole, or about what the project itself says. */
export interface CataloguePage<Subject> extends Kind<Subject> {
  readonly of: 'catalogue';
  /** Keys of the pages there are; absent where the path has no placeholder. */
  keys?(catalogue: Catalogue): Iterable<Key> | AsyncIterable<Key>;
  /**
   * Keys of the pages that may have changed or gone since a revision of the catalogue: the others are left as they are.
   * Absent for a kind of few pages, all of which are looked at every night.
   */
  touched?(catalogue: Catalogue, since: number): Iterable<Key> | AsyncIterable<Key>;
  /** What the page says; undefined where there is no such page. Must not throw for any key, cursor or parameter. */
  load(asked: Asked, catalogue: Catalogue): Promise<Loaded<Subject> | undefined>;
  /** Names of the parameters it reads from its address. */
  readonly parameters?: readonly string[];
  /** Not on the static site: somebody must be there to answer. */
  readonly liveOnly?: true;
  /** A list of which the static site has so many pages only: it changes from its beginning every night. */
  readonly staticPages?: number;
  /** Not for search engines: not in the sitemap. */
  readonly unlisted?: true;
}

export type Page = ServerPage<unknown> | CataloguePage<unknown>;
