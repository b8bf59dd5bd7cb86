/** The strongest effect that one ordinary call can have, weakest first. Defined by the taxonomy on the method page. */
export const CATEGORIES = ['Read', 'Write', 'Execute', 'Destructive', 'Financial'] as const;
export type Category = (typeof CATEGORIES)[number];

/** How bad an unwatched call can be, mildest first. */
export const RISKS = ['low', 'medium', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

/** Where a category's risk starts before named reasons move it. */
export const STARTING_RISK: Readonly<Record<Category, Risk>> = {
  Read: 'low',
  Write: 'medium',
  Execute: 'high',
  Destructive: 'critical',
  Financial: 'critical',
};

export type Access = 'read' | 'write';

/** `Read` is read access, the four others are write access. */
export function accessOf(category: Category): Access {
  return category === 'Read' ? 'read' : 'write';
}

/**
 * Words that stand verbatim in a tool definition.
 * `field` is a JSON Pointer into the definition; `start` and `end` are UTF-16 units of the string there.
 * `at: 'key'`: the pointer's last key is itself the quoted string. `tool`: the definition of that sibling is meant.
 */
export interface Quote {
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tool?: string;
  readonly at?: 'key';
}

/** What evidence speaks for: a category, a move of the risk up or down, or a facet by its name. */
export type Says = Category | 'raises' | 'lowers' | `facet:${string}`;

/** One finding of one signal: what it speaks for, how strongly (0 to 1), why in a sentence, and the words it rests on. */
export interface Evidence {
  readonly signal: string;
  readonly says: Says;
  readonly weight: number;
  readonly because: string;
  readonly quote: Quote;
}

export interface Facet {
  readonly value: string | boolean;
  readonly evidence: readonly Evidence[];
}

/** What a judge (a language model) said of a tool, without every claim whose quote does not stand in the definition. */
export interface Opinion {
  readonly category?: Category;
  readonly risk?: Risk;
  /** One piece for the category and one for the risk, as far as they are quoted. */
  readonly evidence: readonly Evidence[];
  readonly facets: { readonly [name: string]: Facet };
  /** The best case for another reading. */
  readonly counter: string;
  readonly rationale: string;
  readonly misuse: string;
}

/**
 * What became of an opinion: it agreed with the rules, raised or lowered their verdict, was stronger in nothing and is
 * kept as dissent, or had no quote to stand on.
 */
export const JUDGEMENTS = ['agrees', 'raised', 'lowered', 'dissents', 'unproven'] as const;

/** An opinion beside the verdict of the rules alone. */
export interface Judgement extends Opinion {
  readonly outcome: (typeof JUDGEMENTS)[number];
  readonly floor: { readonly category: Category; readonly risk: Risk };
}

/** A person's correction of a verdict, and what stood before. */
export interface Correction {
  readonly author: string;
  readonly reason: string;
  readonly date: string;
  readonly before: { readonly category: Category; readonly risk: Risk };
}

/** What one call may do, how bad that can be, and the evidence. Never without at least one quote. */
export interface Verdict {
  readonly category: Category;
  readonly access: Access;
  readonly risk: Risk;
  /** 0 to 1: how sure the category is. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly facets: { readonly [name: string]: Facet };
  /** Where a judge was heard. */
  readonly judge?: Judgement;
  /** Where a person corrected it. */
  readonly correction?: Correction;
}

/** A verdict is reused for as long as these five stay the same; any other makes a new assessment. */
export interface AssessmentKey {
  readonly fingerprint: string;
  /** Hash of the sorted names of the server's tools: siblings may move a verdict. */
  readonly siblings: string;
  /** Hash of the rules (code and lexicon) that decided. */
  readonly rules: string;
  /** Hash of the judge's prompt, '' where no judge spoke. */
  readonly prompt: string;
  /** Name of the judge's model, '' where no judge spoke. */
  readonly model: string;
}

export interface Assessment extends AssessmentKey {
  readonly verdict: Verdict;
  readonly assessedAt: Date;
}
