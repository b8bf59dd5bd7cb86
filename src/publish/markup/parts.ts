import { visible, visibleLine } from '#core/visible.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import { type Category, RISKS, type Risk } from '#domain/verdict.ts';
import { EFFECT_TITLES, type Effect } from '#recommend/effect.ts';
import type { Prose } from '#recommend/prose.ts';
import { Html, html, inText } from './html.ts';

/** A stranger's words inside a line of ours: escaped, nothing hidden, their direction kept to themselves. */
export function words(text: string): Html {
  return new Html(`<bdi lang="">${inText(visibleLine(text))}</bdi>`);
}

/** A stranger's word that is code: a name, a path, a version. */
export function code(text: string): Html {
  return new Html(`<code><bdi lang="">${inText(visibleLine(text))}</bdi></code>`);
}

/** A stranger's text, its line breaks kept; what goes beyond `longest` UTF-16 units is left out, and that is said. */
export function block(text: string, longest = 12_000): Html {
  const shown = text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
  const left = text.length - shown.length;
  return html`<div class="said" dir="auto" lang="">${visible(shown)}</div>${left > 0 ? html`<p class="quiet">${count(left, 'more character')} left out here.</p>` : ''}`;
}

/** A sentence of ours, with the strangers' words in it set apart. */
export function sentence(text: Prose): Html {
  return html`${text.map((part) => (typeof part === 'string' ? part : part.code ? code(shortened(part.said)) : words(part.said)))}`;
}

/** A name as sentences say it again and again; where it is told itself, it stands whole. */
function shortened(name: string): string {
  return name.length <= NAME ? name : `${name.slice(0, NAME - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
const NAME = 160;

/** JSON to read and copy. A page without script can't copy for you, but it can be selected with one click. */
export function json(text: string, label: string): Html {
  return html`<pre class="json" tabindex="0" role="region" aria-label="${label}"><code>${visible(text)}</code></pre>`;
}

/** The day, with the instant for machines. */
export function day(date: Date): Html {
  const known = days.get(date.getTime());
  if (known) return known;
  const instant = date.toISOString();
  const made = html`<time datetime="${instant}">${instant.slice(0, 10)}</time>`;
  if (days.size >= DAYS) days.clear();
  days.set(date.getTime(), made);
  return made;
}
// The tools of a server were mostly seen and judged together.
const days = new Map<number, Html>();
const DAYS = 1000;

/** Risk in words, and as the load lines of a hull: the marks that are under water. */
export function riskBadge(risk: Risk): Html {
  const level = RISKS.indexOf(risk);
  return html`<span class="badge risk ${risk}"><svg viewBox="0 0 14 16" width="14" height="16" aria-hidden="true" focusable="false"><path d="M3 1v14"/>${RISKS.map(
    (_, at) => html`<path class="${at <= level ? 'on' : 'off'}" d="M3 ${14 - at * 4}h9"/>`,
  )}</svg>${risk[0]!.toUpperCase()}${risk.slice(1)} risk</span>`;
}

/** Category as a word on its own colour. */
export function categoryBadge(category: Category): Html {
  return html`<span class="badge category ${category.toLowerCase()}">${category}</span>`;
}

/** What the recommended policy does. */
export function effectBadge(effect: Effect): Html {
  return html`<span class="badge effect">${EFFECT_TITLES[effect]}</span>`;
}

/** Both badges of a tool, or the plain statement that there is no verdict. */
export function verdictBadges(tool: CatalogueTool): Html {
  const verdict = tool.assessment?.verdict;
  if (!verdict) return html`<span class="badge unknown">Not assessed</span>`;
  return html`${riskBadge(verdict.risk)} ${categoryBadge(verdict.category)}`;
}

/** The same in words, for those who see no badges. */
export function verdictWords(tool: CatalogueTool): string {
  const verdict = tool.assessment?.verdict;
  return verdict ? `${verdict.category}, ${verdict.risk} risk` : 'Not assessed';
}

/** A link to a stranger's address, or the bare words where it is none that a browser may follow. */
export function foreignLink(url: string): Html {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) return code(url);
  return html`<a rel="nofollow noopener noreferrer ugc" href="${parsed.href}">${words(url.replace(/^https?:\/\//, ''))}</a>`;
}

/** `1 tool`, `2 tools`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A row of a list of facts; nothing where there is nothing to say. */
export function fact(term: string, value: Html | string | undefined): Html | '' {
  return value === undefined || value === '' ? '' : html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}
