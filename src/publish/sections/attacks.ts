import { attacksOf } from '#recommend/attacks/attacks.ts';
import type { Links } from '../addresses/links.ts';
import { term } from '../facts/glossary.ts';
import { attackDate, dateInWords } from '../markup/attack-parts.ts';
import { type Html, html } from '../markup/html.ts';
import { type Markdown, md, mdLink, mdSentence } from '../markup/markdown.ts';
import { sentence } from '../markup/parts.ts';
import type { Quoting } from './reasons.ts';

type Where = Pick<Quoting, 'tool' | 'server'>;

/** Documented attacks whose way this tool offers, each with what of the tool makes it fit; nothing where none fits. */
export function attacks({ tool, server }: Where, links: Links): Html | undefined {
  const fits = attacksOf(tool, server);
  if (fits.length === 0) return undefined;
  return html`<section id="attacks"><h2>Documented attacks that fit it</h2><p class="quiet">They fit by ${term('cue', 'cues', links)} in its definition, and happened elsewhere, unless said otherwise. That one fits does not say that it was tried here.</p><ul class="reasons">${fits.map(
    ({ attack, because }) =>
      html`<li><a href="${links.to('attack', attack.id)}">${attack.title}</a> <span class="quiet">${attackDate(attack.date)}</span><p>It fits, since ${sentence(because)}.</p></li>`,
  )}</ul></section>`;
}

/** The same for those who read Markdown. */
export function attacksMarkdown({ tool, server }: Where, links: Links): Markdown | undefined {
  const fits = attacksOf(tool, server);
  if (fits.length === 0) return undefined;
  return md`## Documented attacks that fit it

They happened elsewhere, unless said otherwise. That one fits does not say that it was tried here.

${fits.map(({ attack, because }) => md`- ${mdLink(attack.title, links.to('attack', attack.id))}, ${dateInWords(attack.date)}: it fits, since ${mdSentence(because)}.\n`)}
`;
}
