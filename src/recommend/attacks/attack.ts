import { z } from 'zod';
import { CATEGORIES } from '#domain/verdict.ts';

const text = z.string().min(1);
/** Alternatives, told apart by `|`. */
const either = z.string().regex(/^[^|]+(\|[^|]+)*$/s);

/**
 * What in a tool makes an attack concern it: everything that a cue says must hold. Of each list every item must hold,
 * and of an item's alternatives (`a|b`) one.
 */
export const Cue = z.strictObject({
  /** 1 to 3: how much of the attack's way the tool itself offers. */
  strength: z.int().min(1).max(3),
  /** The verdict's category is one of these. */
  category: z.array(z.enum(CATEGORIES)).min(1).optional(),
  /** The verdict has the facet, as true or as `facet=value`. */
  facet: z.array(either).optional(),
  /** Words of the tool's name. */
  name: z.array(either).optional(),
  /** What the tool's name is about: its last word that is no verb of taking away. */
  head: z.array(either).optional(),
  /** Words of the tool's name or of its server's names. */
  about: z.array(either).optional(),
  /** Words of the server's names. */
  server: z.array(either).optional(),
  /** None of these words stands in the tool's name or its server's names. */
  without: z.array(either).optional(),
  /** Kinds of data/argument-kinds.yaml, of which the tool has an argument. */
  argument: z.array(either).optional(),
  /** Phrases, in small letters, that the description holds as whole words. */
  text: z.array(either).optional(),
  /** None of these phrases stands in the description. */
  unsaid: z.array(either).optional(),
  /** A signal's evidence in the verdict, with words that its quote holds and the field in which it stands. */
  evidence: z.strictObject({ signal: text, holds: either.optional(), field: text.optional() }).optional(),
  /** The tool fills this leg (`combination/leg`) of a toxic combination that its server makes. */
  leg: z
    .string()
    .regex(/^[a-z-]+\/[a-z]+$/)
    .optional(),
  /** For each of these facets another tool of the server has it. */
  beside: z.array(text).min(1).optional(),
  /**
   * Why, as a sentence; `{argument}` is the tool's first argument of the first kind asked for, `{kind:NAME}` that of
   * another kind, `{words}` the phrase that was found, `{quote}` the evidence's words, `{others}` the tools that fill the
   * combination's other legs, `{beside:FACET}` the tool that has the facet.
   */
  because: text,
});
export type Cue = z.infer<typeof Cue>;

/** What of a recommended policy bears on an attack. */
export const STOPPERS = {
  approval: 'A person sees the call first',
  cap: 'A cap on the number of calls',
  arguments: 'Rules on the arguments',
  combination: 'The last leg of a toxic combination waits',
  pin: 'The rule is pinned to the definition',
  unnamed: 'What the policy does not name is denied',
  none: 'Nothing in a recommended policy',
} as const;

/** What it was: something that happened to people, a demonstration, or a flaw that was reported and mended. */
export const ATTACK_KINDS = ['incident', 'proof', 'advisory'] as const;

/** One documented attack as a file of data/attacks tells it. */
export const AttackFile = z
  .strictObject({
    title: text,
    /** When it became public, as precisely as is known. */
    date: z.string().regex(/^20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/),
    kind: z.enum(ATTACK_KINDS),
    /** What happened, in our own words. */
    story: text,
    sources: z.array(z.url({ protocol: /^https$/ })).min(1),
    cve: z.array(z.string().regex(/^CVE-20\d\d-\d{4,}$/)).optional(),
    categories: z.array(z.enum(CATEGORIES)),
    /** Terms of data/vocabularies.yaml. */
    terms: z.array(text).min(1),
    stopped: z.strictObject({ by: z.enum(Object.keys(STOPPERS) as [keyof typeof STOPPERS]), how: text }),
    /** Packages that it happened to, their tools where only some are concerned, and the version that mends it. */
    packages: z
      .array(
        z.strictObject({
          purl: z.string().regex(/^pkg:(npm|pypi)\/[^@?#]+$/),
          fixed: text.optional(),
          tools: z.array(text).optional(),
        }),
      )
      .optional(),
    /** Hosts of servers elsewhere that it happened to. */
    hosts: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)).optional(),
    cues: z.array(Cue).optional(),
    /** Why no definition shows it, where there are no cues. */
    unseen: text.optional(),
  })
  .refine(({ cues, unseen }) => (cues === undefined) !== (unseen === undefined), 'either cues or why there are none')
  .refine(
    ({ cues = [] }) =>
      cues.every(({ name, head, about, server, argument, text, evidence, leg }) =>
        [name, head, about, server, argument, text, evidence, leg].some((one) => one !== undefined),
      ),
    'a cue needs more than a category or a facet',
  );

export interface Attack extends z.infer<typeof AttackFile> {
  /** The name of its file. */
  readonly id: string;
}
