import { HINTS, type Hint, hintsOf } from '#classify/annotations.ts';
import { visibleLine } from '#core/visible.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import { sentence } from '#recommend/reasons.ts';
import { type Html, html } from '../markup/html.ts';
import type { Marks } from './marks.ts';

/** What each hint claims, as the protocol has it. */
const CLAIMS: Readonly<Record<Hint, string>> = {
  readOnlyHint: 'Changes nothing',
  destructiveHint: 'May destroy',
  idempotentHint: 'Twice is as once',
  openWorldHint: 'Reaches outside',
};

/** What the author declares of the tool beside what its definition says, hint by hint. */
export function annotations({ definition, assessment }: CatalogueTool, marks: Marks): Html {
  const declared = definition.annotations;
  if (!declared || !HINTS.some((hint) => typeof declared[hint] === 'boolean'))
    return html`<p class="quiet">Its author declares no annotations (<code>readOnlyHint</code> and the like), so by the protocol’s defaults it may change things and destroy them.</p>`;
  const rows = assessment ? hintsOf(definition, assessment.verdict) : [];
  return html`<h3 id="annotations">What its author declares, and what the definition says</h3>
<div class="table" tabindex="0" role="region" aria-label="Annotations"><table><thead><tr><th scope="col">Hint</th><th scope="col">Declared</th><th scope="col">Found</th></tr></thead><tbody>${HINTS.map(
    (hint) => {
      const said = declared[hint];
      const row = rows.find((one) => one.hint === hint);
      const found = row ? visibleLine(sentence(row.found)) : 'Nothing speaks of it surely.';
      return html`${row?.contradicts ? CONTRADICTED : ROW}<th scope="row">${CLAIMS[hint]} <code>${marks.line(hint, `/annotations/${hint}`, 'key')}</code></th><td>${typeof said === 'boolean' ? String(said) : 'not said'}</td><td>${row?.contradicts ? CONTRADICTS : ''}${found}</td></tr>`;
    },
  )}</tbody></table></div>`;
}
const CONTRADICTED = html`<tr class="risky">`;
const ROW = html`<tr>`;
const CONTRADICTS = html`<b>Contradicts:</b> `;
