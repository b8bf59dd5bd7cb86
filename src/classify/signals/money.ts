import { quote, quoteKey } from '../quote.ts';
import type { Signal } from '../signal.ts';

const AMOUNT = new Set([
  'amount',
  'amountin',
  'slippage',
  'leverage',
  'privatekey',
  'stoploss',
  'stopprice',
  'limitprice',
  'takeprofit',
  'lamports',
  'quantity',
  'qty',
  'fromtoken',
  'totoken',
  'currency',
  'ordertype',
  'recipientaddress',
  'toaddress',
  'amountsats',
  'sats',
  'gasprice',
  'paymentmethod',
  'signedtransaction',
  'side',
  'decimals',
  'initialsupply',
  'totalsupply',
  'maxsupply',
  'royalties',
  'tokensymbol',
]);
const SAYS =
  /\b(?:on-?chain|mainnet|broadcasts? (?:the |a )?(?:signed )?transaction|real money|real funds|brokerage|costs? (?:real )?(?:money|credits|usdc|usd|\$)|\$\d|moves? (?:real )?(?:money|funds)|will be charged|pay(?:s|ment) (?:for|is))/;

const signal: Signal = {
  id: 'money',
  title: 'Money',
  why: 'Amounts, prices, slippage and sides are arguments of tools that pay or trade, and some descriptions say so outright.',
  examples: {
    speaks: [
      { name: 'x', inputSchema: { properties: { amount: { type: 'number' } } } },
      { name: 'x', description: 'Sends real money.' },
    ],
    silent: [{ name: 'x', description: 'Sends a message.' }],
  },
  *notice({ parameters, description, lower }) {
    const found = parameters.filter(
      ({ words, depth }) => depth <= 1 && AMOUNT.has(words.map(({ text }) => text).join('')),
    );
    if (found[0])
      yield {
        says: 'Financial',
        weight: Math.min(1, 0.4 + 0.3 * (found.length - 1)),
        because: 'arguments of a payment or a trade',
        quote: quoteKey(found[0].field, found[0].name),
      };
    const match = SAYS.exec(lower);
    if (match)
      yield {
        says: 'Financial',
        weight: 0.5,
        because: 'the description speaks of moving money',
        quote: quote('/description', description, match.index, match.index + match[0].length),
      };
  },
};
export default signal;
