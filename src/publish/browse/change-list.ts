import type { Change, ChangeKind } from '#domain/change.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { type Markdown, md, mdCode, mdLink } from '../markup/markdown.ts';
import { code, count, day, words } from '../markup/parts.ts';
import { changedFields } from '../sections/changes.ts';

/** Tools of one visit named before the rest is counted. */
const NAMED = 12;

const TITLES: Readonly<Record<ChangeKind, string>> = {
  appeared: 'came',
  changed: 'changed',
  went: 'went',
  'not-shown': 'not shown, under other circumstances',
};

/** The changes of one visit. */
export type Visited = readonly [Change, ...Change[]];

/** Changes by visit, in the order given. */
export function byVisit(changes: readonly Change[]): readonly Visited[] {
  return [...Map.groupBy(changes, ({ visit }) => visit).values()] as unknown as Visited[];
}

/** What happened at a visit, in short: `12 tools listed for the first time`, `2 tools changed, 1 tool went`. */
export function inShort(changes: readonly Change[]): string {
  const first = changes.filter(({ initial }) => initial).length;
  const rest = changes.filter(({ initial }) => !initial);
  const kinds = Map.groupBy(rest, ({ kind }) => kind);
  return [
    ...(first > 0 ? [`${count(first, 'tool')} listed for the first time`] : []),
    ...(Object.keys(TITLES) as ChangeKind[]).flatMap((kind) => {
      const number = kinds.get(kind)?.length ?? 0;
      return number > 0 ? [`${count(number, 'tool')} ${TITLES[kind]}`] : [];
    }),
  ].join(', ');
}

/** Visits that changed something, newest first, each with its tools as far as `most`. */
export function changeList(visits: readonly Visited[], links: Links, withServer: boolean, most = NAMED): Html {
  return html`<ol class="changes">${visits.map((changes) => {
    const [{ at, server, versions }] = changes;
    return html`<li><p>${day(at)} ${withServer ? html`<a href="${links.server(server.slug)}">${words(server.slug)}</a>: ` : ''}${inShort(changes)}${version(versions)}</p>
<ul>${changes.slice(0, most).map((one) => html`<li>${named(one, links)}</li>`)}${changes.length > most ? html`<li class="quiet">and ${changes.length - most} more</li>` : ''}</ul></li>`;
  })}</ol>`;
}

function version({ before, after }: Change['versions']): Html | '' {
  if (after === undefined) return '';
  return html` <span class="quiet">${before !== undefined && before !== after ? html`from ${code(before)} to ${code(after)}` : html`at ${code(after)}`}</span>`;
}

function named({ kind, initial, tool, server, before, after }: Change, links: Links): Html {
  const gone = kind === 'went' || kind === 'not-shown';
  const name = gone ? code(tool) : html`<a href="${links.tool(server.slug, tool)}">${code(tool)}</a>`;
  const what = kind === 'changed' ? `changed in ${changedFields(before, after)}` : initial ? '' : TITLES[kind];
  return html`${name}${what === '' ? '' : html` <span class="quiet">${what}</span>`}`;
}

/** The same as Markdown. */
export function mdChanges(visits: readonly Visited[], links: Links, withServer: boolean): Markdown {
  return md`${visits.map((changes) => {
    const [{ at, server }] = changes;
    return md`- ${at.toISOString().slice(0, 10)} ${withServer ? md`${mdLink(server.slug, links.server(server.slug))}: ` : ''}${inShort(changes)}: ${changes.slice(0, NAMED).map(({ tool }, place) => md`${place > 0 ? ', ' : ''}${mdCode(tool)}`)}${changes.length > NAMED ? ` and ${changes.length - NAMED} more` : ''}\n`;
  })}`;
}
