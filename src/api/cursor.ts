/** A place in a list, opaque to clients: base64url of a version and the store's own cursor. */
export function encodeCursor(place: string): string {
  return Buffer.from(`1:${place}`).toString('base64url');
}

/** The store's cursor; undefined for what `encodeCursor` cannot have made. */
export function decodeCursor(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('1:') || text.includes('\0') || encodeCursor(text.slice(2)) !== cursor) return undefined;
  return text.slice(2);
}

/** The same for a place that is a whole number. */
export function decodeNumber(cursor: string): number | undefined {
  const place = decodeCursor(cursor);
  return place !== undefined && /^\d{1,15}$/.test(place) ? Number(place) : undefined;
}
