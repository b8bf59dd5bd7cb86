import type { Clue, Signal } from '../signal.ts';
import { inName, inParameters } from '../spot.ts';

const NAMED =
  /\b(?:send|tweet|retweet|email|mail|sms|post|publish|broadcast|forward|reply|notify|message|dm|webhook)\b/;
const MAIL =
  /\b(?:send|forward|reply|resend) (?:\w+ ){0,2}(?:e?mails?|sms|newsletter|campaign)\b|\b(?:email|mail|sms) send\b/;
const MAILED = /^(?:cc|bcc|to email|email to|phone number|to number|recipient emails?)$/;
const TO =
  /^(?:to|recipients?|cc|bcc|to email|email to|phone number|to number|webhook url|chat id|channel id|receiver)$/;

const signal: Signal = {
  id: 'reach',
  title: 'Sends out',
  why: 'What is sent or posted leaves the system and reaches people; it cannot be called back, and secrets can leave the same way.',
  examples: {
    speaks: [{ name: 'send_email' }, { name: 'x', inputSchema: { properties: { recipient: {} } } }],
    silent: [{ name: 'get_weather' }],
  },
  *notice(subject): Iterable<Clue> {
    const acts = subject.acts.some(({ role, sense }) => role === 'main' && sense.says === 'Read');
    const found = (acts ? undefined : inName(subject, NAMED)) ?? inParameters(subject, TO);
    if (!found) return;
    yield { says: 'facet:sends-out', weight: 0.8, because: 'what it is given goes to others', quote: found };
    const drafts = subject.words.some(({ text }) => text === 'draft');
    const mail = drafts ? undefined : (inName(subject, MAIL) ?? inParameters(subject, MAILED));
    if (mail) yield { says: 'raises', weight: 1, because: 'it mails people outside', quote: mail };
  },
};
export default signal;
