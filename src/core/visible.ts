const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Nothing to look for: nearly every text there is. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;
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
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

const UNSEEN_IN_JSON = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** JSON in which such characters stand as JSON's own escapes: the value is the same, nothing hides. */
export function visibleJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN_IN_JSON, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
