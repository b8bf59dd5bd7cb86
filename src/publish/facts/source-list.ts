import { SETTINGS } from '#config.ts';
import type { Source } from '#discover/source.ts';
import { type Html, html } from '../markup/html.ts';
import { code } from '../markup/parts.ts';

/** Every source with what it declares of itself: its terms, what it can tell, what it needs, how hard it is asked. */
export function sourceList(sources: readonly Source[]): Html {
  return html`<p>Servers are found in these places. Each is asked as gently as stands here, less where it says so, and
only for what changed since the last time; robots.txt is obeyed for pages. What a source says is shown as its word, and its terms hold for it.</p>
<div class="table" tabindex="0" role="region" aria-label="Sources"><table><thead><tr><th>Source</th><th>Terms and attribution</th><th>Tells</th><th>Asked</th><th>Needs</th></tr></thead><tbody>${sources.map(
    (source) =>
      html`<tr id="source-${source.id}"><td>${source.title}</td><td>${source.terms}</td><td>${told(source)}</td><td>${paceOf(source)}</td><td>${needsOf(source)}</td></tr>`,
  )}</tbody></table></div>`;
}

/** What a source can tell, in words. */
export function told({ can: { sweep, recent } }: Source): string {
  if (sweep && recent) return 'everything, or what changed';
  return sweep ? 'everything' : 'what is new';
}

/** How hard it is asked, in words. */
export function paceOf({ politeness }: Source): string {
  if (!politeness) return 'asks no host';
  const { concurrency, interval } = politeness;
  const apart = interval > 0 ? `, ${interval} ms apart` : '';
  return `${concurrency === 1 ? 'one request at a time' : `${concurrency} requests at a time`}${apart}`;
}

/** The settings without which it is not asked. */
export function needsOf({ needs = [] }: Source): Html | string {
  if (needs.length === 0) return 'nothing';
  return html`${needs.map((need, at) => html`${at > 0 ? ', ' : ''}${code(need === 'from' ? '--from' : SETTINGS[need].env)}`)}`;
}
