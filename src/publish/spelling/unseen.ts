const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/**
 * Escapes what has no ink, as YAML and TOML write it in double quotes. Only for text in which such characters stand
 * in double quotes only.
 */
export function unseenEscaped(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.codePointAt(0)!.toString(16);
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}
