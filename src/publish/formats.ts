import type { Policy } from '#domain/policy.ts';
import { type Exporter, type Loss, loadExporters } from './exporter.ts';
import { type Html, html } from './html.ts';
import type { Links } from './links.ts';
import { code, words } from './parts.ts';

/** Every format, in order of title. */
export const EXPORTERS = [...(await loadExporters()).values()].toSorted((a, b) => (a.title < b.title ? -1 : 1));
/** Tools named for one loss before the rest is counted. */
const NAMED = 5;

// The pages of a server's tools all show the same policy.
const known = new WeakMap<Policy, ReadonlyMap<Exporter, readonly Loss[]>>();

function lossesIn(policy: Policy): ReadonlyMap<Exporter, readonly Loss[]> {
  const found = known.get(policy) ?? new Map(EXPORTERS.map((one) => [one, one.losses([policy])] as const));
  known.set(policy, found);
  return found;
}

/** Every format of a server's policy: where the file goes, how it is loaded, how to see it bite, and what it loses. */
export function formatsSection(policy: Policy, slug: string, links: Links): Html {
  return html`<section id="formats"><h2>In the words of a gateway</h2><p>The same policy, for what enforces it. What a format cannot say becomes asking or denying, never more than the policy allows.</p>${[
    ...lossesIn(policy),
  ].map(
    ([{ id, title, where, load, check }, losses]) =>
      html`<details id="format-${id}"><summary>${title}</summary><p>${file(slug, id, links)}</p><dl class="facts"><div><dt>Where</dt><dd>${where}</dd></div><div><dt>Load</dt><dd>${load}</dd></div><div><dt>Check</dt><dd>${check}</dd></div></dl>${lost(losses)}</details>`,
  )}</section>`;
}

function file(slug: string, format: string, links: Links): Html {
  // What somebody copies into a shell must not hold a stranger's commands.
  const name = /^[\w@./:+-]+$/.test(slug) && !slug.startsWith('-') ? words(slug) : 'SERVER';
  const command = html`<code>npm run plimsoll -- export ${name} --format ${format}</code>`;
  const address = links.policyIn?.(slug, format);
  return address === undefined ? command : html`<a href="${address}">The file</a>, or ${command}`;
}

/** Losses of one kind together, in the order in which they were found. */
function lost(losses: readonly Loss[]): Html {
  if (losses.length === 0) return html`<p>It loses nothing.</p>`;
  const groups = new Map<string, Loss[]>();
  for (const one of losses) groups.set(became(one), [...(groups.get(became(one)) ?? []), one]);
  return html`<p>It loses:</p><ul>${Array.from(groups, ([what, all]) => html`<li>${what} ${tools(all)}</li>`)}</ul>`;
}

function tools(losses: readonly Loss[]): Html | '' {
  const names = losses.map(({ tool }) => tool).filter((tool) => tool !== '*');
  if (names.length === 0) return '';
  const rest = names.length - NAMED;
  return html`${names.slice(0, NAMED).map((tool, at) => html`${at > 0 ? ', ' : ''}${code(tool)}`)}${rest > 0 ? ` and ${rest} more` : ''}`;
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
