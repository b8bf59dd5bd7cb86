import { visibleLine } from '#core/visible.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { json } from '../markup/parts.ts';

/** A badge and the Markdown to embed it with; `key` leads to the page of the kind that it stands for. */
export function embed(label: string, kind: 'server' | 'tool', key: readonly string[], links: Links): Html {
  const origin = links.origin ?? '';
  const image = links.face('svg', kind, ...key);
  const markdown = `[![Plimsoll](${origin}${image})](${origin}${links.to(kind, ...key)})`;
  return html`<section class="card embed"><h2>Badge</h2><img src="${image}" alt="Plimsoll’s badge of ${visibleLine(label)}" height="20" loading="lazy">${json(markdown, 'Markdown of the badge')}</section>`;
}
