/** Words of a stranger inside a sentence of ours. */
export interface Said {
  readonly said: string;
  /** A name that programs use, rather than one for people. */
  readonly code?: true;
}

/** A sentence in which strangers' words are marked, so that a page can isolate and escape them. */
export type Prose = readonly (string | Said)[];

/** Marks a stranger's words. */
export function said(text: string): Said {
  return { said: text };
}

/** Marks a name that programs use: a tool's, a key's, a version's. */
export function code(text: string): Said {
  return { said: text, code: true };
}

/** Tagged template for a sentence: plain values are our own words, `said(…)` are a stranger's. */
export function prose(strings: TemplateStringsArray, ...values: readonly (string | number | Said | Prose)[]): Prose {
  const parts: (string | Said)[] = [];
  for (const [at, own] of strings.entries()) {
    if (own) parts.push(own);
    const value = values[at];
    if (value === undefined) continue;
    if (typeof value === 'number') parts.push(String(value));
    else if (typeof value === 'string' || 'said' in value) parts.push(value);
    else parts.push(...value);
  }
  return parts;
}

/** The sentence as one string, strangers' words as they are. */
export function plain(text: Prose): string {
  return text.map((part) => (typeof part === 'string' ? part : part.said)).join('');
}
