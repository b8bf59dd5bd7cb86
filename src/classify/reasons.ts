import type { Category } from '#domain/verdict.ts';

/** What a word of each category says, in a sentence that follows the quote. */
export const REASONS: Readonly<Record<Category, string>> = {
  Read: 'looks something up and changes nothing',
  Write: 'creates or changes something',
  Execute: 'sets something off that the caller decides',
  Destructive: 'takes something away',
  Financial: 'moves or commits money',
};
