import type { Mark, MarkedName } from '#domain/lists.ts';
import type { Links } from '../addresses/links.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { type Markdown, md, mdLink } from '../markup/markdown.ts';
import { count } from '../markup/parts.ts';
import type { Here } from '../page.ts';
import { mdNames, nameList } from './name-list.ts';

/** Names shown of a mark: what a reader may look through. The rest is found by searching. */
const SHOWN = 200;

/** What is listed under a mark, and the words of ours around it. */
export interface MarkSubject {
  readonly id: string;
  readonly names: readonly MarkedName[];
  readonly tools: number;
}

interface Frame {
  readonly title: string;
  /** What it means to be listed here, in a sentence. */
  readonly about: string;
  readonly head?: Html;
  readonly more?: Html;
  /** The filters of a search that finds them all. */
  readonly filters: Readonly<Record<string, string>>;
}

export async function loadMark(
  id: string,
  mark: Mark,
  catalogue: Catalogue,
): Promise<{ readonly subject: MarkSubject }> {
  return { subject: { id, ...(await catalogue.markedNames({ mark, limit: SHOWN })) } };
}

/** The page of a category, a risk or a facet: what it means, and the names that most servers have. */
export function markPage(frame: Frame, { names, tools }: MarkSubject, links: Links, here: Here | undefined): Html {
  const all = links.find?.(frame.filters);
  return layout(
    {
      title: frame.title,
      description: frame.about,
      body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('browse')}">Browse</a></nav>
<header class="head"><h1>${frame.title}</h1>${frame.head ?? ''}</header>
<p class="lead">${frame.about}</p>${frame.more ?? ''}
<section><h2>${count(tools, 'tool')}</h2>
${names.length === 0 ? html`<p>None are known.</p>` : html`<p>By name, those that most servers have first. A name stands here with what was found of the tools that bear it and belong here.${all === undefined ? html` <a href="${links.to('names')}">All names by letter</a>` : html` <a href="${all}">All tools in order of name</a>`}</p>${nameList(names, links, sharedBy(frame))}${names.length === SHOWN ? html`<p class="quiet">The ${SHOWN} most common names are shown.</p>` : ''}`}</section>`,
    },
    links,
    here,
  );
}

function sharedBy({ filters }: Frame): 'category' | 'risk' | undefined {
  return 'category' in filters ? 'category' : 'risk' in filters ? 'risk' : undefined;
}

/** The same as Markdown. */
export function markMarkdown(frame: Frame, { names, tools }: MarkSubject, links: Links): Markdown {
  const all = links.find?.(frame.filters);
  return md`# ${frame.title}

${frame.about}

${count(tools, 'tool')}. ${names.length === 0 ? '' : `By name, those that most servers have first${names.length === SHOWN ? `; the ${SHOWN} most common` : ''}:`}

${mdNames(names, links)}
${all === undefined ? md`${mdLink('All names by letter', links.to('names'))}` : md`${mdLink('All tools in order of name', all)}`}
`;
}
