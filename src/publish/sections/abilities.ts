import type { Abilities } from '../formats/exporter.ts';

const EFFECTS: Readonly<Record<Abilities['unlisted'], string>> = {
  deny: 'is denied',
  ask: 'asks a person',
};

/** What a format can say and what it cannot, a sentence each. */
export function abilitiesInWords({
  allow,
  limit,
  approve,
  deny,
  hide,
  unlisted,
  arguments: of,
  pin,
}: Abilities): readonly string[] {
  return [
    allow ? 'It can allow a tool without a question.' : 'It cannot allow a tool without a question.',
    limit
      ? `It counts calls of a tool, by the ${limit.windows.join(', the ')}.`
      : 'It counts no calls, so a capped tool asks or is denied.',
    approve.length > 0
      ? `It can wait for the yes of ${people(approve)}.`
      : 'It cannot ask anybody, so what should ask is denied.',
    deny ? 'It can deny a tool.' : 'It cannot deny a tool; asking is the least it allows.',
    hide ? 'It can take a tool out of the list.' : 'It cannot take a tool out of the list.',
    `What it does not name ${EFFECTS[unlisted]}.`,
    of.length > 0 ? 'It can look at arguments.' : 'It cannot look at arguments.',
    pin
      ? 'It holds a rule to the definition that it was written for.'
      : 'It cannot hold a rule to a definition: export again when a server changes.',
  ];
}

function people(approve: Abilities['approve']): string {
  return approve.map((one) => (one === 'user' ? 'the user' : 'an operator')).join(' or ');
}
