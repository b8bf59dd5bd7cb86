import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const MESSAGES = /\b(?:messages?|emails?|mails?|inbox|dms?|chats?|conversations?|voicemails?|sms|threads?|mailbox)\b/;
const PEOPLE =
  /\b(?:patients?|contacts?|employees?|medical|health records?|payslips?|salar(?:y|ies)|location history|biometric|people|persons?|calendar|notes?|photos?|documents?|transcripts?|medications?|prescriptions?|bank accounts?|customers?|users?|members?)\b/;

const signal: Signal = {
  id: 'private-data',
  title: 'Private data',
  why: 'Messages, health, contacts and the like belong to people; a tool that hands them out deserves more care than one that reads public facts.',
  examples: { speaks: [{ name: 'list_messages' }, { name: 'query_patients' }], silent: [{ name: 'get_weather' }] },
  *notice(subject): Iterable<Clue> {
    const messages = inName(subject, MESSAGES);
    const found = messages ?? inName(subject, PEOPLE);
    if (!found) return;
    yield {
      says: 'facet:reads-private-data',
      weight: messages ? 0.9 : 0.6,
      because: 'it deals in data of people',
      quote: found,
    };
    yield { says: 'raises', weight: messages ? 0.5 : 0.3, because: 'private data pass through it', quote: found };
  },
};
export default signal;
