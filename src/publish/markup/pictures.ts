import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg, type ResvgRenderOptions, renderAsync } from '@resvg/resvg-js';
import { visibleLine } from '#core/visible.ts';
import type { Picture } from '../page.ts';
import { escaped } from './html.ts';

/** The size that those who show links ask for (Open Graph). */
const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 80;
/** Width of a letter of the title beside its size: a bold sans is rarely wider. */
const LETTER = 0.64;

/** The colours that badges have on a dark page, by tone. */
const TONES: Readonly<Record<string, string>> = {
  low: '#2f7d5b',
  medium: '#8a6d1d',
  high: '#b3541e',
  critical: '#b3263a',
  read: '#2d6a9f',
  write: '#6a4fa3',
  execute: '#a04a7d',
  destructive: '#a33333',
  financial: '#7a6a1a',
};

// A font of its own, so that the same picture comes of it on every machine.
const fonts = join(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'), '../ttf');
const OPTIONS: ResvgRenderOptions = {
  font: {
    loadSystemFonts: false,
    fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(fonts, file)),
    defaultFontFamily: 'DejaVu Sans',
  },
};

/** A picture as PNG, made off this thread: it takes longer than a page. */
export async function drawn(picture: Picture): Promise<Buffer> {
  return (await renderAsync(svgOf(picture), OPTIONS)).asPng();
}

/** The same in this thread, for who writes many. */
export function drawnNow(picture: Picture): Buffer {
  return new Resvg(svgOf(picture), OPTIONS).render().asPng();
}

/** The picture as SVG: strangers' words as text, nothing hidden, nothing that is fetched. */
export function svgOf({ title, subtitle, badges }: Picture): string {
  const { lines, size } = fitted(visibleLine(title));
  const top = 270 - ((lines.length - 1) * size * 1.15) / 2;
  let right = MARGIN;
  const pills = badges.map(({ text, tone }) => {
    const wide = Math.round(text.length * 17.5 + 48);
    const pill = `<g transform="translate(${right} 470)"><rect width="${wide}" height="60" rx="30" fill="${TONES[tone] ?? '#3a4a5a'}"/><text x="${wide / 2}" y="40" font-size="28" text-anchor="middle" fill="#ffffff">${escaped(text)}</text></g>`;
    right += wide + 20;
    return pill;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="DejaVu Sans">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#10202e"/><path d="M0 600h${WIDTH}" stroke="#e8b33c" stroke-width="12"/>
<g fill="none" stroke="#e8b33c" stroke-width="6"><circle cx="110" cy="100" r="30"/><path d="M62 100h96"/></g><text x="180" y="114" font-size="40" font-weight="bold" fill="#ffffff">Plimsoll</text>
${lines.map((line, at) => `<text x="${MARGIN}" y="${Math.round(top + at * size * 1.15)}" font-size="${size}" font-weight="bold" fill="#ffffff">${escaped(line)}</text>`).join('')}
<text x="${MARGIN}" y="420" font-size="34" fill="#b8c7d6">${escaped(cut(visibleLine(subtitle), 52))}</text>
${pills.join('')}</svg>`;
}

/** A title in at most two lines, in the largest letters that it fits in; what does not fit in the smallest is cut. */
function fitted(title: string): { readonly lines: readonly string[]; readonly size: number } {
  for (const size of [84, 68, 56, 46]) {
    const most = Math.floor((WIDTH - 2 * MARGIN) / (size * LETTER));
    const chars = [...title];
    if (chars.length <= most) return { lines: [title], size };
    if (size > 56) continue;
    if (chars.length <= most * 2 || size === 46)
      return { lines: [chars.slice(0, most).join(''), cut(chars.slice(most).join(''), most)], size };
  }
  return { lines: [title], size: 46 };
}

function cut(text: string, most: number): string {
  const chars = [...text];
  return chars.length <= most ? text : `${chars.slice(0, most - 1).join('')}…`;
}
