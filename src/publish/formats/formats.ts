import type { Policy } from '#domain/policy.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code, words } from '../markup/parts.ts';
import { type Exporter, type Loss, loadExporters } from './exporter.ts';

/** Every format, in order of title. */
export const EXPORTERS = [...(await loadExporters()).values()].toSorted((a, b) => (a.title < b.title ? -1 : 1));
/** Tools named for one loss before the rest is counted. */
const NAMED = 5;

/**
 * A server's policy in every format: the file of each, and what becomes of the policy in it, said once for formats that
 * lose the same. What is true of a format whatever the server has a page of its own.
 */
export function formatsSection(policy: Policy, slug: string, links: Links): Html {
  const groups = new Map<string, { readonly formats: Exporter[]; readonly lost: Html | undefined }>();
  const keys = new Map<readonly Loss[], string>();
  for (const one of EXPORTERS) {
    const losses = one.losses([policy]);
    const key = keys.get(losses);
    if (key === undefined) {
      const told = grouped(losses);
      const other = told.map(({ what, names }) => what + names.join('\0')).join('\0\0');
      keys.set(losses, other);
      if (!groups.has(other)) groups.set(other, { formats: [], lost: lost(told) });
    }
    groups.get(keys.get(losses)!)!.formats.push(one);
  }
  // What somebody copies into a shell must not hold a stranger's commands.
  const name = /^[\w@./:+-]+$/.test(slug) && !slug.startsWith('-') ? words(slug) : 'SERVER';
  return html`<section id="formats"><h2>In the words of a gateway</h2><p>The same policy, for what enforces it. What a format cannot say becomes asking or denying, never more than the policy allows. To write one: <code>npm run plimsoll -- export ${name} --format FORMAT</code></p>${Array.from(
    groups.values(),
    ({ formats, lost }) =>
      html`<div class="formats"><ul>${formats.map(({ id, title }) => format(id, title, slug, links))}</ul>${lost ?? html`<p>Nothing is lost.</p>`}</div>`,
  )}</section>`;
}

function format(id: string, title: string, slug: string, links: Links): Html {
  const file = links.policyIn?.(slug, id);
  return html`<li id="format-${id}"><a href="${links.to('format', id)}">${title}</a> <code>${id}</code>${file !== undefined && html` <a href="${file}">the file</a>`}</li>`;
}

/** Losses of one kind together, in the order in which they were found. */
function grouped(losses: readonly Loss[]): readonly { readonly what: string; readonly names: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const one of losses) {
    const what = became(one);
    const names = groups.get(what) ?? [];
    groups.set(what, names);
    if (one.tool !== '*') names.push(one.tool);
  }
  return Array.from(groups, ([what, names]) => ({ what, names }));
}

function lost(losses: ReturnType<typeof grouped>): Html | undefined {
  if (losses.length === 0) return undefined;
  return html`<details><summary>What is lost</summary><ul>${losses.map(({ what, names }) => html`<li>${what} ${tools(names)}</li>`)}</ul></details>`;
}

function tools(names: readonly string[]): Html | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - NAMED;
  return html`${names.slice(0, NAMED).map((tool, at) => html`${at > 0 ? ', ' : ''}${code(tool)}`)}${rest > 0 && ` and ${rest} more`}`;
}

const LOST: Readonly<Record<Loss['lost'], string>> = {
  allow: 'allowing',
  limit: 'the cap',
  approve: 'asking',
  deny: 'denying',
  hide: 'hiding',
  'default-deny': 'denying what is not named',
  arguments: 'rules on arguments',
  pin: 'holding rules to definitions',
  name: 'the name',
};
const BECAME: Readonly<Record<Loss['became'], string>> = {
  allow: 'allowed without it',
  ask: 'asks instead',
  deny: 'denied instead',
  unchecked: 'not checked',
  stricter: 'stricter than meant',
};

/** What becomes of a loss, in a sentence. */
export function became({ lost: what, became: now, why }: Loss): string {
  return `${LOST[what]}: ${BECAME[now]}. ${why}`;
}
