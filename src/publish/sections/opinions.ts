import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Correction, Judgement } from '#domain/verdict.ts';
import { accountOf } from '#recommend/account.ts';
import { type Html, html } from '../markup/html.ts';
import { sentence, words } from '../markup/parts.ts';
import { type Quoting, reasonItem } from './reasons.ts';

/** Why the verdict is what it is and how the tool could be misused, in a few sentences. */
export function account({ definition, assessment }: CatalogueTool): Html | undefined {
  if (!assessment) return undefined;
  const { rationale, misuse, by } = accountOf(definition, assessment.verdict, assessment.model);
  return html`<section class="short"><h2>In short</h2><p>${sentence(rationale)}</p><p>${sentence(misuse)}</p>
${by === undefined ? BUILT : html`<p class="quiet">In the words of the language model ${words(by)}, which read the definition beside the rules.</p>`}</section>`;
}
const BUILT = html`<p class="quiet">Built from the evidence, which is marked in the definition below.</p>`;

/** Who put the verdict right, why, and what stood before. */
export function correctionNote({ author, reason, date, before }: Correction): Html {
  return html`<p class="note" id="correction">Corrected by ${words(author)} on ${date}: ${words(reason)} Before, it was ${before.category} at ${before.risk} risk.</p>`;
}

const OUTCOMES: Readonly<Record<Judgement['outcome'], string>> = {
  agrees: 'It comes to the same verdict as the rules.',
  raised: 'It raised the verdict of the rules.',
  lowered: 'It lowered the verdict of the rules, which were unsure, on words of the definition.',
  dissents: 'It dissents. The verdict of the rules stands: they are sure, or the definition could steer a model.',
  unproven: 'It had no words of the definition to quote, so its opinion counts for nothing.',
};

/** What the judge said, where one was heard: what became of it, its evidence, and its case against itself. */
export function opinion(quoting: Quoting): Html | undefined {
  const { assessment } = quoting.tool;
  const judge = assessment?.verdict.judge;
  if (!judge || !assessment) return undefined;
  const { outcome, floor, category, risk, evidence, counter } = judge;
  const said = category === undefined ? '' : ` It reads the tool as ${category}${risk ? ` at ${risk} risk` : ''}.`;
  return html`<section id="judge"><h2>What the judge says</h2><p>The language model ${words(assessment.model)} read the definition beside the rules, which alone say ${floor.category} at ${floor.risk} risk.${said} ${OUTCOMES[outcome]}</p>
${evidence.length === 0 ? '' : html`<ul class="reasons">${evidence.map(({ because, quote }) => reasonItem({ because, quotes: [quote] }, quoting))}</ul>`}
${counter === '' ? '' : html`<p>Its best case for another reading: ${words(counter)}</p>`}</section>`;
}
