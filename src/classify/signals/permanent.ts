import { quote } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';

const GONE =
  /\b(?:permanent(?:ly)?|irreversibl[ey]|cannot be (?:undone|reversed|recovered)|can't be undone|can not be undone|no undo|destructive(?! ?: ?false)|unrecoverable)\b|不可逆|不可恢复|永久|元に戻せ|되돌릴 수 없/;
const NOT = /\b(?:not|non|n't|never|isn|no)[ -]*$/;

const signal: Signal = {
  id: 'permanent',
  title: 'Says that it is for good',
  why: 'A description that warns of a permanent or irreversible act says that something is taken away or committed.',
  examples: {
    speaks: [{ name: 'x', description: 'This cannot be undone.' }],
    silent: [
      { name: 'x', description: 'This is not destructive.' },
      { name: 'x', description: 'Lists files.' },
    ],
  },
  *notice({ description, lower }): Iterable<Clue> {
    const match = GONE.exec(lower);
    if (!match || NOT.test(lower.slice(Math.max(0, match.index - 8), match.index))) return;
    yield {
      says: 'Destructive',
      weight: 0.6,
      because: 'the description says that it is for good',
      quote: quote('/description', description, match.index, match.index + match[0].length),
    };
  },
};
export default signal;
