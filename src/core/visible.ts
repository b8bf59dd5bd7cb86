const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Characters with ink of their own that most texts are made of: there is nothing to look for in nearly all there are. */
const INKED =
  '\\x20-\\x7e\\u00a1-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027\\u2030-\\u205e\\u2190-\\u23ff\\u2500-\\u27bf\\u3001-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff5e';
const PLAIN = new RegExp(`^[\\n\\t${INKED}]*$`);
const PLAIN_LINE = new RegExp(`^[${INKED}]*$`);
const JOINER = /[\u200c\u200d]/;
const JOINS_AFTER = /[\p{L}\p{M}\p{Extended_Pictographic}]$/u;

/**
 * A stranger's text with every character that has no ink of its own (controls, bidi marks, zero-width, tag characters,
 * lone surrogates) written out as `\u{202E}`, so that nothing hides and nothing steers a terminal or a page.
 * Line breaks and tabs stay; so do joiners inside a word or an emoji, where scripts need them.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSEEN, (char, at: number) => {
    if (char === '\n' || char === '\t') return char;
    if (JOINER.test(char) && JOINS_AFTER.test(text.slice(Math.max(0, at - 2), at))) return char;
    return `\\u{${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}}`;
  });
}

/** The same for a name or a table cell: line breaks and tabs are written out too. */
export function visibleLine(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

const UNSEEN_IN_JSON = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** JSON in which such characters stand as JSON's own escapes: the value is the same, nothing hides. */
export function visibleJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent);
  if (PLAIN.test(text)) return text;
  return text.replace(UNSEEN_IN_JSON, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
