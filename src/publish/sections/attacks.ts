import { attacksOf } from '#recommend/attacks/attacks.ts';
import { attackDate } from '../attack-parts.ts';
import { type Html, html } from '../html.ts';
import type { Links } from '../links.ts';
import { sentence } from '../parts.ts';
import type { Quoting } from './reasons.ts';

/** Documented attacks whose way this tool offers, each with what of the tool makes it fit; nothing where none fits. */
export function attacks({ tool, server }: Quoting, links: Links): Html | undefined {
  const fits = attacksOf(tool, server);
  if (fits.length === 0) return undefined;
  return html`<section id="attacks"><h2>Documented attacks that fit it</h2>${NOTE}<ul class="reasons">${fits.map(
    ({ attack, because }) =>
      html`<li><a href="${links.to('attack', attack.id)}">${attack.title}</a> <span class="quiet">${attackDate(attack.date)}</span><p>It fits, since ${sentence(because)}.</p></li>`,
  )}</ul></section>`;
}
const NOTE = html`<p class="quiet">Elsewhere, unless said otherwise. That an attack fits does not say that it was tried here.</p>`;
