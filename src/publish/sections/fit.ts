const COSTLY = /[^\t\n\x20-\x7e]|[&<>"']/;

/**
 * The beginning of a stranger's text that fits on a page: about `bytes`, counted as the page carries them (escapes
 * and characters written out included), never cut inside a character. Nothing is said for the rest; callers say it.
 */
export function fitting(text: string, bytes: number): string {
  if (text.length * 8 <= bytes || (text.length <= bytes && !COSTLY.test(text))) return text;
  let at = 0;
  for (let left = bytes; at < text.length; at++) {
    left -= costOf(text.charCodeAt(at));
    if (left < 0) break;
  }
  return text.slice(0, at).replace(/[\ud800-\udbff]$/, '');
}

/** About the bytes that a text takes on a page, rather too many than too few. */
export function bytesOf(text: string): number {
  if (!COSTLY.test(text)) return text.length;
  let bytes = 0;
  for (let at = 0; at < text.length; at++) bytes += costOf(text.charCodeAt(at));
  return bytes;
}

/** Bytes of one UTF-16 unit on a page, rather too many than too few. */
function costOf(unit: number): number {
  if (unit === 0x26 || unit === 0x22 || unit === 0x27) return 6;
  if (unit === 0x3c || unit === 0x3e) return 4;
  if (unit >= 0x20 && unit < 0x7f) return 1;
  if (unit < 0x20 || (unit >= 0x7f && unit <= 0xad)) return unit === 0x0a || unit === 0x09 ? 1 : 8;
  return unit < 0x600 ? 2 : unit >= 0x2000 && unit < 0x2070 ? 8 : 3;
}
