import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import type { Facet } from '#domain/verdict.ts';
import { EFFECT_TITLES, type Effect, effectOf } from '#recommend/effect.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code, count } from '../markup/parts.ts';

/** What tools may be able to do, by facet, the gravest first. */
const CAN: readonly (readonly [facet: string, value: Facet['value'], title: string])[] = [
  ['runs-code', true, 'Runs code or commands that the caller decides'],
  ['moves-money', true, 'Moves or commits money'],
  ['handles-secrets', true, 'Deals with credentials'],
  ['touches-permissions', true, 'Changes who may do what'],
  ['reversible', 'no', 'Does what cannot be taken back'],
  ['reads-private-data', true, 'Returns private data'],
  ['sends-out', true, 'Sends data outside'],
  ['reads-untrusted-content', true, 'Returns what strangers wrote'],
  ['bulk', true, 'Acts on many things in one call'],
  ['addresses-the-model', true, 'Speaks to the model in its definitions'],
];
/** Tools named of one kind before the rest is counted. */
const NAMED = 4;

/** What a server's tools can do, with the tools that can, and what the policy makes of them. */
export function glance(server: CatalogueServer, policy: Policy, links: Links): Html | undefined {
  if (server.tools.length === 0) return undefined;
  const able = CAN.flatMap(([facet, value, title]) => {
    const names = server.tools.flatMap(({ definition, assessment }) =>
      assessment?.verdict.facets[facet]?.value === value ? [definition.name] : [],
    );
    return names.length > 0 ? [{ title, names }] : [];
  });
  const effects = new Map<Effect, number>();
  for (const { definition } of server.tools) {
    const effect = effectOf(policy, definition.name);
    effects.set(effect, (effects.get(effect) ?? 0) + 1);
  }
  return html`<section id="glance"><h2>At a glance</h2>
${able.length === 0 ? html`<p>Its definitions show nothing beyond what the categories say.</p>` : html`<dl class="glance">${able.map(({ title, names }) => html`<div><dt>${title}</dt><dd>${names.slice(0, NAMED).map((name, at) => html`${at > 0 ? ', ' : ''}<a href="${links.tool(server.slug, name)}">${code(name)}</a>`)}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}</dd></div>`)}</dl>`}
<p>Under the recommended policy: ${Array.from(effects, ([effect, number], at) => `${at > 0 ? '; ' : ''}${EFFECT_TITLES[effect].toLowerCase()}: ${number}`)}.</p>
${server.visit?.tokens === undefined ? '' : html`<p>Its list of ${count(server.tools.length, 'tool')} costs an agent ${server.visit.tokens.toLocaleString('en')} tokens before it does anything.</p>`}</section>`;
}
