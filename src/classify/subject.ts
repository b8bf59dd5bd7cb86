import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import type { Act } from './acts.ts';
import { type Family, familyOf } from './family.ts';
import { boilerplate, sentences as functionWords } from './lexicon.ts';
import { actsOfName, withoutTail } from './name-acts.ts';
import { type Parameter, parametersOf } from './schema.ts';
import { actsOfSentence } from './sentence-acts.ts';
import { lowerCase, nameWords, type Sentence, sentencesOf, type Word } from './words.ts';

/** A sentence of the description with what it says is done. */
interface Statement extends Sentence {
  readonly acts: readonly Act[];
}

/** A tool definition read once for all signals: words, acts, parameters, siblings. */
export interface Subject {
  readonly tool: ToolDefinition;
  readonly words: readonly Word[];
  readonly acts: readonly Act[];
  readonly title: { readonly field: string; readonly text: string; readonly acts: readonly Act[] } | undefined;
  /** The part of the description that is read. */
  readonly description: string;
  /** The same in lower case, where that has the same length (else as it is), so that places fit both. */
  readonly lower: string;
  readonly statements: readonly Statement[];
  readonly parameters: readonly Parameter[];
  readonly annotations: JsonObject;
  readonly family: Family;
}

/** How much of a description is read; nine in ten are shorter than a third of this. */
const REACH = 4_000;
const MOST_SENTENCES = 12;
/** Where the prose of a description ends and the list of its arguments, results or examples begins. */
const SECTION = new RegExp(`\\n[\\s#*_-]*(?:${[...functionWords.sections].join('|')})\\b[^\\n:]{0,20}:`);

function titleOf(tool: ToolDefinition, prefixes: ReadonlySet<string>): Subject['title'] {
  const annotated = tool.annotations?.title;
  const [field, text] =
    typeof tool.title === 'string' && tool.title !== ''
      ? ['/title', tool.title]
      : ['/annotations/title', typeof annotated === 'string' ? annotated : ''];
  return text === '' ? undefined : { field, text, acts: actsOfName(nameWords(text), prefixes) };
}

function endOfProse(lower: string): number {
  const at = lower.search(SECTION);
  return at < 0 ? lower.length : at;
}

/** Reads a definition for the signals. Bounded in time and never throws, whatever the definition holds. */
export function prepare(tool: ToolDefinition, siblings: readonly string[]): Subject {
  const family = familyOf(siblings);
  const words = withoutTail(nameWords(tool.name));
  const description = (tool.description ?? '').slice(0, REACH);
  const lower = lowerCase(description);
  const sentences = sentencesOf(description, MOST_SENTENCES, endOfProse(lower)).filter((sentence) => {
    const said = lower.slice(sentence.start, sentence.end).trim();
    return !boilerplate.some((phrase) => said.startsWith(phrase));
  });
  return {
    tool,
    words,
    acts: actsOfName(words, family.prefixes),
    title: titleOf(tool, family.prefixes),
    description,
    lower,
    statements: sentences.map((sentence) => ({ ...sentence, acts: actsOfSentence(sentence, description) })),
    parameters: parametersOf(tool.inputSchema),
    annotations: tool.annotations ?? {},
    family,
  };
}
