import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const NAMED = /\b(?:sandbox|testnet|faucet|simulated?|mock|paper|dry run|playground|simulator|emulator|preview)\b/;
const TOLD =
  /\b(?:testnets?|faucet|sandbox(?:ed)?|paper[- ]trad\w+|dry[- ]?run|isolated (?:environment|container)|simulated|two-phase|requires? (?:explicit )?(?:user )?(?:confirmation|approval)|confirmation (?:is )?required|asks? for confirmation)\b|沙箱/;

const signal: Signal = {
  id: 'sandbox',
  title: 'Sandbox, test network, confirmation',
  why: 'What happens in a sandbox, on a test network, or only after a confirmation, does less harm.',
  examples: {
    speaks: [{ name: 'testnet_faucet' }, { name: 'x', description: 'Runs code in a sandbox.' }],
    silent: [{ name: 'run_code' }],
  },
  *notice(subject): Iterable<Clue> {
    const found = inName(subject, NAMED) ?? inDescription(subject, TOLD);
    if (found)
      yield {
        says: 'lowers',
        weight: 1,
        because: 'a sandbox, a test network or a confirmation stands between',
        quote: found,
      };
  },
};
export default signal;
