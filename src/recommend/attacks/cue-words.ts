import { COMBINATIONS } from '../combinations.ts';
import { aboutKind } from './argument-kinds.ts';
import type { Cue } from './attack.ts';

/** Alternatives named before it is said that there are more. */
const NAMED = 8;

/** What a cue asks of a tool, as one sentence for people. */
export function cueInWords(cue: Cue): string {
  const parts = [
    `A tool${cue.category ? ` judged ${listed(cue.category)}` : ''}`,
    ...(cue.facet ?? []).map((item) => `with the facet ${listed(item.split('|'))}`),
    ...(cue.name ?? []).map((item) => `whose name says ${listed(item.split('|'))}`),
    ...(cue.head ?? []).map((item) => `whose name is about ${listed(item.split('|'))}`),
    ...(cue.about ?? []).map((item) => `whose own or server’s name says ${listed(item.split('|'))}`),
    ...(cue.server ?? []).map((item) => `whose server’s name says ${listed(item.split('|'))}`),
    ...(cue.argument ?? []).map((item) => `with an argument that is ${listed(item.split('|').map(aboutKind))}`),
    ...(cue.text ?? []).map((item) => `whose description says ${listed(item.split('|').map((one) => `“${one}”`))}`),
    ...(cue.evidence ? [noticed(cue.evidence)] : []),
    ...(cue.leg === undefined ? [] : [legInWords(cue.leg)]),
    ...(cue.beside ?? []).map((facet) => `beside another tool with the facet ${facet}`),
  ];
  return `${parts.join(', ')}.`.replace('A tool,', 'A tool');
}

function listed(items: readonly string[]): string {
  const shown = items.length > NAMED ? [...items.slice(0, NAMED), 'the like'] : items;
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

function noticed({ holds, field }: NonNullable<Cue['evidence']>): string {
  const where = field === undefined ? 'in whose definition' : 'inside whose schema';
  // Characters that nobody sees are not shown as examples of themselves.
  const words = (holds?.split('|') ?? []).filter((one) => /^[\x20-\x7e]+$/.test(one)).map((one) => `“${one}”`);
  return `${where} words addressed to a model were noticed${words.length === 0 ? '' : `, such as ${listed(words)}`}`;
}

function legInWords(leg: string): string {
  const [id, part] = leg.split('/');
  const combination = COMBINATIONS.find((one) => one.id === id);
  const found = combination?.legs.find((one) => one.id === part);
  if (!combination || !found) throw new Error(`there is no leg '${leg}'`);
  return `which ${found.title} on a server whose tools together make “${combination.title}”`;
}
