import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const MESSAGES = /\b(?:messages?|emails?|mails?|inbox|dms|chats?|conversations?|voicemails?|sms|mailbox|chat history)$/;
const HEALTH =
  /\b(?:patients?|medical|health records?|payslips?|salar(?:y|ies)|location history|biometrics?|medications?|prescriptions?)\b/;
const PEOPLE =
  /\b(?:contacts?|employees?|people|persons?|calendar|notes?|photos?|documents?|transcripts?|bank accounts?|customers?|users?|members?)\b/;

/** Stores of the user's own, whatever lies in them. */
const KEPT =
  /\b(?:(?:read|get|cat|open|view|search|load) (?:\w+ ){0,2}(?:files?|vault|drive|mailbox|memory|memories|graph|attachments?)|(?:sql|database|db|table|read) query|query (?:database|db|table|sql)|(?:private|internal) \w+)\b/;

const signal: Signal = {
  id: 'private-data',
  title: 'Private data',
  why: 'Messages, health, contacts and the like belong to people; a tool that hands them out deserves more care than one that reads public facts.',
  examples: {
    speaks: [{ name: 'list_messages' }, { name: 'query_patients' }, { name: 'read_file' }],
    silent: [{ name: 'get_weather' }],
  },
  *notice(subject): Iterable<Clue> {
    const main = subject.acts.find(({ role }) => role === 'main');
    if (main && main.sense.says !== 'Read' && main.sense.says !== 'Execute') return;
    const close = inName(subject, MESSAGES) ?? inName(subject, HEALTH);
    const found = close ?? inName(subject, PEOPLE);
    const kept = found ? undefined : inName(subject, KEPT);
    if (kept)
      yield {
        says: 'facet:reads-private-data',
        weight: 0.4,
        because: 'files and databases of the user may hold anything',
        quote: kept,
      };
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
