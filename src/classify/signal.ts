import type { ToolDefinition } from '#domain/tool.ts';
import type { Evidence } from '#domain/verdict.ts';
import type { Subject } from './subject.ts';

/** What a signal noticed: a piece of evidence before it is signed. `value` is the facet's, `true` where none is given. */
export interface Clue extends Omit<Evidence, 'signal'> {
  readonly value?: string | boolean;
}

/** A tool as an example: alone on its server, or among the named siblings. */
export interface Example extends ToolDefinition {
  readonly siblings?: readonly string[];
}

/**
 * One way of looking at a tool definition; a file in `signals/`. Pure: it states clues and weighs nothing against
 * anything else, which is for `decide` alone.
 */
export interface Signal {
  readonly id: string;
  readonly title: string;
  /** One sentence for the method page: what is looked at, and why that says something. */
  readonly why: string;
  /** Definitions on which it must speak and must keep silent; these are its test. */
  readonly examples: { readonly speaks: readonly Example[]; readonly silent: readonly Example[] };
  notice(subject: Subject): Iterable<Clue>;
}
