import type { Nodes, Paragraph, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { SourceUnreachable } from '#core/errors.ts';
import type { Sighting } from '#domain/server.ts';
import { give } from '../found.ts';
import { readHtmlList } from '../html-list.ts';
import { type Item, isServerAddress, sightingsOf } from '../linked.ts';
import { type DiscoverOptions, type Dropped, homeOf, type Source } from '../source.ts';
import { textOf, webAddress } from '../texts.ts';

const LISTS = ['appcypher/awesome-mcp-servers', 'modelcontextprotocol/servers', 'punkpeye/awesome-mcp-servers'].concat(
  'wong2/awesome-mcp-servers',
);
const politeness = { concurrency: 4, interval: 0 };

/** Sections that list something else than servers. */
const OTHERS =
  /\b(clients?|frameworks?|sdks?|utilit(y|ies)|managers?|tutorials?|sponsors?|legend|licen[cs]e|contribut\w*|contents|prompts?|resources?|tips|related|star history|what is|getting started|security warning)\b/i;
const GITHUB = new URL('https://github.com/');
const DEEPEST = 40;
/** Characters of a list, of a paragraph and of a line that are read; real ones stay far below. */
const LONGEST = 4_000_000;
const LONGEST_PARAGRAPH = 4_000;
const LONGEST_LINE = 2_000;

/**
 * The servers that an awesome list's README names, in order: each item of a list by its first link to a repository or
 * a package. A real Markdown parser reads it, since names stand in emphasis, behind images and between HTML. In
 * hostile text its time grows with the square of a paragraph, which is why paragraphs are kept short.
 */
export function mapAwesomeList(readme: string, list: string): Sighting[] {
  const items: Item[] = [];
  const headings: string[] = [];
  for (const node of fromMarkdown(withShortParagraphs(readme)).children) {
    if (node.type === 'heading') headings.splice(node.depth - 1, headings.length, plain(node));
    else if (!headings.some((one) => OTHERS.test(one))) collect(node, items, 0);
  }
  return items.flatMap((item) => sightingsOf(item, 'awesome', list));
}

function withShortParagraphs(readme: string): string {
  const lines: string[] = [];
  let length = 0;
  let left = LONGEST;
  for (const whole of readme.split('\n')) {
    const line = whole.slice(0, LONGEST_LINE);
    if (/^\s*($|[-*+#]\s)/.test(line.slice(0, 100))) length = 0;
    length += line.length;
    left -= line.length + 1;
    if (left < 0) break;
    if (length > LONGEST_PARAGRAPH) {
      lines.push('');
      length = 0;
    }
    lines.push(line);
  }
  return lines.join('\n');
}

function collect(node: RootContent, items: Item[], depth: number): void {
  // Some lists are tables of HTML; other HTML is badges.
  if (node.type === 'html' && /<(li|tr)\b/i.test(node.value)) items.push(...readHtmlList(node.value, GITHUB).items);
  if (depth > DEEPEST || !('children' in node)) return;
  if (node.type === 'paragraph' || node.type === 'heading') return;
  for (const child of node.children) {
    const item = node.type === 'listItem' && child.type === 'paragraph' ? itemOf(child) : undefined;
    if (item) items.push(item);
    collect(child, items, depth + 1);
  }
}

function itemOf(paragraph: Paragraph): Item | undefined {
  for (const link of links(paragraph)) {
    const address = webAddress(link.url);
    if (address === undefined || !isServerAddress(address)) continue;
    const name = textOf(plain(link), 200) ?? address;
    const text = plain(paragraph).replace(/\s+/g, ' ').trim();
    const said = text.slice(text.indexOf(name) + name.length).replace(/^[\s\d\p{P}\p{S}]*?[-–—:]\s+/u, '');
    return { name, text: said.trim(), address };
  }
  return undefined;
}

function* links(node: Nodes, depth = 0): Generator<Nodes & { readonly type: 'link' }> {
  if (node.type === 'link') yield node;
  else if ('children' in node && depth < DEEPEST) for (const child of node.children) yield* links(child, depth + 1);
}

function plain(node: Nodes, depth = 0): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  if (node.type === 'break') return ' ';
  if (!('children' in node) || depth > DEEPEST) return '';
  return node.children.map((child) => plain(child, depth + 1)).join('');
}

async function* discover(options: DiscoverOptions): AsyncGenerator<Sighting | Dropped> {
  const { http, settings, stop } = options;
  const home = homeOf(settings, 'awesome', 'https://raw.githubusercontent.com');
  const read = async (list: string) => {
    const url = new URL(`${list}/HEAD/README.md`, home);
    const found = mapAwesomeList(await http.text(url, { politeness, stop }), list);
    if (found.length === 0) throw new SourceUnreachable(`${url.host} answered without a list at ${url.pathname}`);
    return found;
  };
  const answers = await Promise.allSettled(LISTS.map(read));
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  yield* give(found, (one) => one, options);
  // The other lists hold; that one is missing must still be said.
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
}

export default {
  id: 'awesome',
  title: 'Awesome lists',
  terms: `Links and descriptions from the READMEs of ${LISTS.join(', ')} on GitHub; each list under its own licence (MIT or CC0).`,
  can: { sweep: true, recent: false },
  politeness,
  discover,
} satisfies Source;
