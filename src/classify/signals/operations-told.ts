import { CATEGORIES, type Category, type Quote } from '#domain/verdict.ts';
import { formOf, meaning } from '../acts.ts';
import { ambiguous } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';

/** Words with nothing but commas, quotes, slashes, bars, “and” or “or” between them. */
const LIST = /[a-z_]{3,24}(?:['"`*)]*\s*(?:,\s*(?:and|or)\b|[,/|、]|\band\b|\bor\b)\s*['"`*(]*[a-z_]{3,24}){1,14}/g;
/** A list that is denied (“no INSERT/UPDATE/DELETE”, “does not: create, …”). */
const DENIED =
  /\b(?:no|not|never|without|cannot|except|don't|neither|nor|blocks?|rejects?|prevents?)[ :(]+(?:\w+ ){0,2}$/;
const WORD = /[a-z]+/g;
/** How far into a description lists are looked for, in UTF-16 units. */
const REACH = 1_500;
const CHOOSES = /\b(?:action|operation|method|mode|command|op)s?$/;

function strongest(
  text: string,
  needed: number,
): { readonly says: Category; readonly weight: number; readonly at: number; readonly word: string } | undefined {
  const found = [];
  for (const { 0: word, index: at } of text.matchAll(WORD)) {
    const form = formOf(word);
    if (form?.form !== 'base' && form?.form !== 'ing') continue;
    const { says, weight } = meaning(form.lemma, []);
    found.push({ says, weight: ambiguous.has(form.lemma) ? weight * 0.5 : weight, at, word });
  }
  if (found.length < needed) return undefined;
  return found.sort((a, b) => CATEGORIES.indexOf(b.says) - CATEGORIES.indexOf(a.says) || b.weight - a.weight)[0];
}

function clue(says: Category, weight: number, said: Quote): Clue {
  return { says, weight, because: 'the strongest of the operations that are named', quote: said };
}

const signal: Signal = {
  id: 'operations-told',
  title: 'Operations named in the text',
  why: 'A description that lists its operations (“create, read, update, delete”), or an argument that is told which it takes, has the strongest of them.',
  examples: {
    speaks: [
      { name: 'manage_script', description: 'Manages scripts (create, read, delete).' },
      {
        name: 'x',
        inputSchema: { properties: { action: { type: 'string', description: "One of 'get' or 'delete'" } } },
      },
    ],
    silent: [
      { name: 'x', description: 'A query without INSERT/UPDATE/DELETE.' },
      { name: 'x', description: 'Names, dates and files.' },
    ],
  },
  *notice({ description, lower, parameters }): Iterable<Clue> {
    for (const match of lower.slice(0, REACH).matchAll(LIST)) {
      const found = strongest(match[0], 2);
      if (!found || DENIED.test(lower.slice(Math.max(0, match.index - 24), match.index))) continue;
      const start = match.index + found.at;
      yield clue(found.says, found.weight, quote('/description', description, start, start + found.word.length));
    }
    for (const parameter of parameters) {
      if (parameter.depth > 0 || parameter.choices.length > 0 || !CHOOSES.test(parameter.words.at(-1)?.text ?? ''))
        continue;
      const told = parameter.description.slice(0, REACH);
      const found = strongest(told.toLowerCase(), 2);
      if (found && told.slice(found.at, found.at + found.word.length).toLowerCase() === found.word)
        yield clue(
          found.says,
          found.weight,
          quote(`${parameter.field}/description`, told, found.at, found.at + found.word.length),
        );
    }
  },
};
export default signal;
