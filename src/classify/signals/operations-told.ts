import { CATEGORIES, type Category, type Quote } from '#domain/verdict.ts';
import { formOf, meaning } from '../acts.ts';
import { ambiguous } from '../lexicon.ts';
import { SQL_ONLY } from '../phrases.ts';
import { quote } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';

/** Words with nothing but commas, quotes, slashes, bars, “and” or “or” between them. */
const LIST = /[a-z_]{3,24}(?:['"`*)]*\s*(?:,\s*(?:and|or)\b|[,/|、]|\band\b|\bor\b)\s*['"`*(]*[a-z_]{3,24}){1,14}/g;
/** The same in -ing, with the things (“by creating, viewing logs of, and deleting instances”). */
const GERUNDS =
  /[a-z]{3,20}ing(?: [a-z-]{1,20}){0,3}(?:(?:,(?: and| or)?|\/| and| or) [a-z]{3,20}ing(?: [a-z-]{1,20}){0,3}){1,8}/g;
/** One act and no list. */
const DRAG = /drag(?:ging)?[ -](?:and|&|n)[ -]drop(?:ping)?/g;
/** Heads of a bulleted list of actions (“- get: …”), after a word that says that these are actions. */
const BULLETS = /(?:^|\s)[-*•]\s{0,3}["'`*]{0,3}([a-z][a-z_]{2,29})["'`*]{0,3}\s{0,2}(?::|\(|—|–|-\s|=)/g;
const ANNOUNCED = /\b(?:actions?|operations?|commands?|modes?|methods?|capabilities|subcommands?)\b[^.]{0,60}:/;
/** A list that is denied (“no INSERT/UPDATE/DELETE”, “does not: create, …”). */
const DENIED =
  /\b(?:no|not|never|without|cannot|except|don't|neither|nor|blocks?|rejects?|prevents?)[ :(]+(?:\w+ ){0,2}$/;
const WORD = /[a-z]+/g;
/** How far into a description lists are looked for, in UTF-16 units. */
const REACH = 1_500;
const CHOOSES = /\b(?:action|operation|method|mode|command|op)s?$/;

interface Found {
  readonly says: Category;
  readonly weight: number;
  readonly at: number;
  readonly word: string;
}

function byStrength(a: Found, b: Found): number {
  return CATEGORIES.indexOf(b.says) - CATEGORIES.indexOf(a.says) || b.weight - a.weight;
}

function strongest(text: string, needed: number): Found | undefined {
  const found: Found[] = [];
  for (const { 0: word, index: at } of text.matchAll(WORD)) {
    const form = formOf(word);
    if (form?.form !== 'base' && form?.form !== 'ing') continue;
    const { says, weight } = meaning(form.lemma, []);
    found.push({ says, weight: ambiguous.has(form.lemma) ? weight * 0.5 : weight, at, word });
  }
  return found.length < needed ? undefined : found.sort(byStrength)[0];
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
      { name: 'x', description: 'Manage hosts by creating, viewing logs and deleting instances' },
      { name: 'x', description: 'Has the following actions: - get: tells - start: starts playing' },
      {
        name: 'x',
        inputSchema: { properties: { action: { type: 'string', description: "One of 'get' or 'delete'" } } },
      },
    ],
    silent: [
      { name: 'x', description: 'A query without INSERT/UPDATE/DELETE.' },
      { name: 'x', description: 'Names, dates and files.' },
      { name: 'x', description: 'Runs an INSERT, UPDATE or DELETE statement.' },
    ],
  },
  *notice({ description, lower, parameters }): Iterable<Clue> {
    const text = lower.slice(0, REACH).replace(DRAG, (said) => ' '.repeat(said.length));
    const told: Found[] = [];
    for (const match of [...text.matchAll(LIST), ...text.matchAll(GERUNDS)]) {
      const said = description.slice(match.index, match.index + match[0].length);
      const found = SQL_ONLY.test(said) ? undefined : strongest(match[0], 2);
      if (found && !DENIED.test(lower.slice(Math.max(0, match.index - 24), match.index)))
        told.push({ ...found, at: match.index + found.at });
    }
    const announced = ANNOUNCED.exec(text);
    const bullets = announced ? [...text.slice(announced.index).matchAll(BULLETS)] : [];
    for (const match of bullets.length > 1 ? bullets : []) {
      const found = strongest(match[1]!.replaceAll('_', ' '), 1);
      if (found) told.push({ ...found, at: announced!.index + match.index + match[0].indexOf(match[1]!) + found.at });
    }
    // Over all lists the strongest decides; what is weaker adds nothing.
    const best = told.sort(byStrength)[0];
    if (best)
      yield clue(best.says, best.weight, quote('/description', description, best.at, best.at + best.word.length));
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
