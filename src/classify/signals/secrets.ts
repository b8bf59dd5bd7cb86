import { quote } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName, inParameters } from '../spot.ts';

const NAMED =
  /\b(?:secrets?|passwords?|credentials?|api keys?|private keys?|access tokens?|connection strings?|env(?:ironment)? vars?|environment variables|(?:get|list|show|read|dump|print|export|view) env|seed phrase|mnemonic)\b/;
const TOLD =
  /\b(?:returns?|reveals?|retrieves?|gets?|reads?|shows?|decrypts?|exports?) (?:\w+ ){0,4}(?:secrets?(?: value)?|passwords?|credentials|api keys?|private keys?|access tokens?|connection strings?|environment variables|\.env file)\b/;
/** Verbs that make a new credential; refreshing one only prolongs it. */
const ISSUES = new Set(['generate', 'create', 'issue', 'rotate', 'regenerate']);
/** A secret that opens a wallet. */
const KEY = /\b(?:private keys?|seed phrase|mnemonic)\b/;
const TAKEN = /^(?:\w+ )?(?:password|secret|private key|api key|apikey|access token|mnemonic|credentials)$/;

const signal: Signal = {
  id: 'secrets',
  title: 'Secrets and credentials',
  why: 'A tool that returns, makes or takes secrets can leak them into a conversation; reading them is worse than reading anything else.',
  examples: {
    speaks: [
      { name: 'get-env', description: 'Returns all environment variables' },
      { name: 'get_secret' },
      { name: 'x', description: 'Returns the API key.' },
    ],
    silent: [{ name: 'get_issue', description: 'Needs an API key.' }],
  },
  *notice(subject): Iterable<Clue> {
    const issued = subject.acts.find(
      ({ role, lemma, sense }) => role === 'main' && ISSUES.has(lemma) && sense.because === 'issues a credential',
    );
    const found =
      inName(subject, NAMED) ??
      inDescription(subject, TOLD) ??
      inDescription(subject, KEY) ??
      (issued && quote('/name', subject.tool.name, issued.word.start, issued.word.end));
    if (found) {
      yield { says: 'facet:handles-secrets', weight: 0.9, because: 'it handles secrets or credentials', quote: found };
      yield { says: 'raises', weight: 1, because: 'secrets or credentials pass through it', quote: found };
    }
    const taken = found ? undefined : inParameters(subject, TAKEN);
    if (taken)
      yield { says: 'facet:handles-secrets', weight: 0.6, because: 'the caller hands it a secret', quote: taken };
  },
};
export default signal;
