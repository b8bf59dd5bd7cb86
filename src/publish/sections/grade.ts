import type { Links } from '../addresses/links.ts';
import { GRADING, type Grade } from '../facts/grade.ts';
import { type Html, html } from '../markup/html.ts';

/** The letter with its meaning, for the head of a page. */
export function gradeBadge({ grade, means }: Grade): Html {
  return html`<a class="grade g${grade}" href="#grade" title="${means}"><span class="unseen">Grade </span>${grade}</a>`;
}

/** How the grade came about: everything that weighed, with its points. */
export function gradeSection({ grade, means, points, reasons }: Grade, links: Links): Html {
  return html`<section id="grade"><h2>Grade ${grade}</h2><p>${means} A grade says how much harm an agent could do with these tools unwatched; it says nothing of how well the server is made. <a href="${links.to('method')}#grade">How it is made</a>.</p>
${reasons.length === 0 ? html`<p>Nothing weighs against it.</p>` : html`<div class="table" tabindex="0" role="region" aria-label="What weighed in the grade"><table class="points"><thead><tr><th scope="col">Why</th><th scope="col">Points</th></tr></thead><tbody>${reasons.map((one) => html`<tr><td>${one.because}</td><td class="number">${one.points}</td></tr>`)}</tbody><tfoot><tr><th scope="row">Together</th><td class="number">${points}</td></tr></tfoot></table></div>`}</section>`;
}

/** The formula of grades for the method page: what it means, what weighs how much, and where each grade ends. */
export function gradeMethod(): Html {
  const { about, worst, grave, combination, addressed, contradiction, unknown, grades } = GRADING;
  const weights: readonly (readonly [what: string, points: string])[] = [
    ...Object.entries(worst).map(([risk, points]) => [`Its worst tool is at ${risk} risk`, String(points)] as const),
    [`All of its tools are at ${grave.from} risk or above (fewer in proportion)`, String(grave.most)],
    ['Each toxic combination of its tools', `${combination.each}, at most ${combination.most}`],
    ['Each definition with text addressed to a model or hidden', `${addressed.each}, at most ${addressed.most}`],
    ['Each tool declared safer than it reads', `${contradiction.each}, at most ${contradiction.most}`],
    ['Some tools are known from source only', String(unknown.static)],
    ['Some tools have not been judged yet', String(unknown.unassessed)],
  ];
  return html`<section id="grade"><h2>Grades of servers</h2>${about.map((text) => html`<p>${text}</p>`)}
<div class="table" tabindex="0" role="region" aria-label="What weighs in a grade"><table class="points"><thead><tr><th scope="col">What</th><th scope="col">Points</th></tr></thead><tbody>${weights.map(([what, points]) => html`<tr><td>${what}</td><td class="number">${points}</td></tr>`)}</tbody></table></div>
<ul>${grades.map(({ grade, upTo, means }, at) => html`<li>${grade}, ${at === grades.length - 1 ? 'above that' : `up to ${upTo} points`}: ${means}</li>`)}</ul></section>`;
}
