import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Rule } from '#domain/policy.ts';
import { type Html, html } from '../markup/html.ts';
import { count } from '../markup/parts.ts';
import { annotations } from './annotations.ts';
import { fitting } from './fit.ts';
import type { Marks } from './marks.ts';
import { parameters } from './parameters.ts';

/** Bytes of a description. */
const LONGEST = 10_000;

/** The definition as its author wrote it, with what the verdict rests on marked where it stands. */
export function definition(tool: CatalogueTool, rule: Rule | undefined, marks: Marks): Html {
  return html`<section class="author" id="definition"><h2>In its author's words</h2>${description(tool, marks)}</section>
<section id="arguments"><h2>What a call takes</h2>${parameters(tool, rule, marks)}${annotations(tool, marks)}</section>`;
}

function description({ definition: { description } }: CatalogueTool, marks: Marks): Html {
  if (description === undefined || description.trim() === '') return NONE;
  const shown = fitting(description, LONGEST);
  const left = description.length - shown.length;
  return html`<div class="said" dir="auto" lang="">${marks.text(shown, '/description')}</div>${left > 0 ? html`<p class="quiet">${count(left, 'more character')} left out here.</p>` : ''}`;
}
const NONE = html`<p>Its author does not describe it.</p>`;
