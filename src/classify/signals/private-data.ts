import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const MESSAGES = /\b(?:messages?|emails?|mails?|inbox|dms|chats?|conversations?|voicemails?|sms|mailbox|chat history)$/;
const HEALTH =
  /\b(?:patients?|medical|health records?|payslips?|salar(?:y|ies)|location history|biometrics?|medications?|prescriptions?)\b/;
const PEOPLE =
  /\b(?:contacts?|employees?|people|persons?|calendar|notes?|photos?|documents?|transcripts?|bank accounts?|customers?|users?|members?)\b/;

const signal: Signal = {
  id: 'private-data',
  title: 'Private data',
  why: 'Messages, health, contacts and the like belong to people; a tool that hands them out deserves more care than one that reads public facts.',
  examples: { speaks: [{ name: 'list_messages' }, { name: 'query_patients' }], silent: [{ name: 'get_weather' }] },
  *notice(subject): Iterable<Clue> {
    const main = subject.acts.find(({ role }) => role === 'main');
    if (main && main.sense.says !== 'Read' && main.sense.says !== 'Execute') return;
    const close = inName(subject, MESSAGES) ?? inName(subject, HEALTH);
    const found = close ?? inName(subject, PEOPLE);
    if (!found) return;
    yield {
      says: 'facet:reads-private-data',
      weight: close ? 0.9 : 0.6,
      because: 'it deals in data of people',
      quote: found,
    };
    if (close)
      yield { says: 'raises', weight: 1, because: 'private messages or records pass through it', quote: found };
  },
};
export default signal;
