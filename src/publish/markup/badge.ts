import { escaped } from './html.ts';

/** Colours that carry white text at a contrast of 4.5 to 1 or more, since a badge stands on pages of others. */
const TONES = {
  low: '#24693b',
  medium: '#7a5a00',
  high: '#a8410b',
  critical: '#b01525',
  quiet: '#566166',
} as const;
export type BadgeTone = keyof typeof TONES;

/** Width of a letter in eleven pixels of a common sans-serif, near enough: the text is fitted to what is reserved. */
const LETTER = 6.4;
const LABEL = 'Plimsoll';

/**
 * A badge for others to embed: ours on the left, `value` on the right. Nothing in it is a stranger's, and it fetches
 * nothing. Libraries that draw badges measure text with fonts; here two short texts are fitted to their boxes.
 */
export function badgeSvg(value: string, tone: BadgeTone): string {
  const known = made.get(`${tone} ${value}`);
  if (known !== undefined) return known;
  const [left, right] = [26 + LABEL.length * LETTER, 12 + value.length * LETTER].map(Math.round) as [number, number];
  const width = left + right;
  const text = (words: string, at: number) =>
    `<text x="${at}" y="14" textLength="${Math.round(words.length * LETTER)}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${escaped(`${LABEL}: ${value}`)}"><title>${escaped(`${LABEL}: ${value}`)}</title><rect width="${width}" height="20" rx="3" fill="#1c2326"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${left}z" fill="${TONES[tone]}"/><g stroke="#6cc5df" stroke-width="1.8" fill="none" stroke-linecap="round"><circle cx="11" cy="10" r="4.6"/><path d="M3.5 10h15"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(LABEL, 21)}${text(value, left + 6)}</g></svg>\n`;
  // Few values there are, and many tools.
  if (made.size < 500) made.set(`${tone} ${value}`, svg);
  return svg;
}

const made = new Map<string, string>();
