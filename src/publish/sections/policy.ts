import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import type { Explanation } from '#recommend/explain.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { json, sentence } from '../markup/parts.ts';
import { loop } from './loop.ts';
import { picker } from './picker.ts';

/** Questions that the rest of the page has answered already. */
const ANSWERED: ReadonlySet<string> = new Set(['does', 'risk', 'enforce']);

/** What the policy does to the tool, in the reader's format, and how it is put in force. */
export function policySection(
  tool: CatalogueTool,
  policy: Policy,
  server: string,
  told: Explanation,
  links: Links,
): Html {
  return html`<section id="policy"><h2>Policy</h2><p>${sentence(told.effect)}</p>${loop(tool, policy)}
<h3>In your gateway or client</h3>${picker(policy, server, tool.definition.name)}
<p><a href="${links.policy(policy.server)}">The whole policy of the server</a> names all its tools.</p>
<h3>Put it in force</h3><ol>${told.steps.map((step) => html`<li>${sentence(step)}</li>`)}</ol></section>`;
}

/** What people ask, answered from the same policy in its own keys. */
export function questions({ questions }: Explanation): Html {
  return html`<section><h2>Questions</h2>${questions.map(({ id, question, answer, example }) =>
    ANSWERED.has(id)
      ? ''
      : html`<h3 id="q-${id}">${sentence(question)}</h3><p>${sentence(answer)}</p>${example === undefined ? '' : json(example, 'Example')}`,
  )}</section>`;
}
