import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Verdict } from '#domain/verdict.ts';
import { inOtherWords, SEP_2793_TITLE } from '#recommend/vocabularies.ts';
import { type Html, html } from '../markup/html.ts';
import { fact } from '../markup/parts.ts';

// There are few kinds of verdicts, and each is told in the same words.
const known = new Map<string, Html>();
const MOST = 5_000;

/** The verdict as other vocabularies would put it: what the tool gives occasion for, not what anybody did. */
export function otherWords({ assessment }: CatalogueTool): Html | undefined {
  if (!assessment) return undefined;
  const { category, risk, facets } = assessment.verdict;
  let kind = `${category} ${risk}`;
  for (const name in facets) kind += ` ${name}=${facets[name]!.value}`;
  const made = known.get(kind) ?? section(assessment.verdict);
  if (known.size >= MOST) known.clear();
  known.set(kind, made);
  return made;
}

function section(verdict: Verdict): Html {
  const { sep2793, terms } = inOtherWords(verdict);
  return html`<section id="other-words"><h2>In other vocabularies</h2><p>What the tool gives occasion for, as others name it. It does not say that anything happened.</p>
<details><summary>${SEP_2793_TITLE}${terms.map(({ title }) => `, ${title}`)}</summary><h3>${SEP_2793_TITLE}</h3><dl class="facts">${Object.entries(sep2793).map(([key, value]) => fact(key, typeof value === 'string' ? value : value.join(', ')))}</dl>
${terms.map(
  ({ title, terms }) =>
    html`<h3>${title}</h3><ul>${terms.map((term) => html`<li><code>${term.id}</code> ${term.title}: ${term.because}.</li>`)}</ul>`,
)}</details></section>`;
}
