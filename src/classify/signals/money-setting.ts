import { singular } from '../lexicon.ts';
import { quote, quoteSibling } from '../quote.ts';
import type { Clue, Signal } from '../signal.ts';
import { inName } from '../spot.ts';
import type { Subject } from '../subject.ts';

const MONEY =
  /\b(?:money|funds?|payments?|wallets?|tokens?|crypto\w*|blockchain|usd[ct]?|eth|btc|solana?|bitcoin|ethereum|exchange|trading|market|broker\w*|prices?|currency|shares|stocks?|invoices?|bank|balance|dex|liquidity|on-?chain|credits?|billing|stripe|paypal|loan|debit|cart|customers?|shop|store|restaurant|delivery)\b/;
const KIN = [
  'wallet',
  'balance',
  'ticker',
  'trade',
  'swap',
  'price',
  'portfolio',
  'payment',
  'invoice',
  'liquidity',
  'market',
  'checkout',
  'refund',
  'transaction',
  'position',
  'stock',
  'token',
  'crypto',
  'order',
  'product',
  'customer',
  'cart',
  'coupon',
];
/** Verbs that mean money only among money. */
const DOUBTFUL = new Set([
  'swap',
  'order',
  'withdraw',
  'claim',
  'bridge',
  'checkout',
  'delegate',
  'undelegate',
  'burn',
  'book',
  'mint',
  'fund',
  'short',
  'wrap',
  'unwrap',
  'transfer',
  'deposit',
  'trade',
  'cancel',
  'create',
  'place',
  'close',
  'update',
  'open',
  'submit',
  'redeem',
  'bid',
  'tip',
  'zap',
  'hedge',
  'rent',
  'charge',
  'bill',
  'capture',
  'short',
]);
/** Things that are paid for wherever they stand. */
const PAID = new Set(['subscription', 'invoice', 'payment', 'refund', 'payout', 'membership', 'checkout']);
/** So many kinds of money words among the siblings make a server one of money. */
const ENOUGH = 3;

function settingOf(subject: Subject) {
  const { lower, description, family } = subject;
  const match = MONEY.exec(lower);
  if (match) return quote('/description', description, match.index, match.index + match[0].length);
  const named = inName(subject, MONEY);
  if (named && subject.words.length > 1) return named;
  const kin = KIN.flatMap((word) => family.words.get(word) ?? []);
  return kin.length >= ENOUGH ? quoteSibling(kin[0]!) : undefined;
}

const signal: Signal = {
  id: 'money-setting',
  title: 'Is money at home here',
  why: 'Swap, order, withdraw or claim mean money only where the description or the siblings speak of money; a tournament is withdrawn from as well.',
  examples: {
    speaks: [
      { name: 'swap', description: 'Swap tokens' },
      { name: 'withdraw_entry' },
      { name: 'place_order', siblings: ['place_order', 'get_balance', 'get_ticker', 'list_trades'] },
    ],
    silent: [{ name: 'get_token' }],
  },
  *notice(subject): Iterable<Clue> {
    const spoken = [...subject.acts, ...(subject.statements[0]?.acts ?? [])].filter(
      ({ role, sense }) => role === 'main' && sense.says === 'Financial',
    );
    if (spoken.length === 0) return;
    const setting = settingOf(subject);
    if (setting) yield { says: 'Financial', weight: 0.8, because: 'money is what this is about', quote: setting };
    else if (spoken.every(({ lemma, object }) => DOUBTFUL.has(lemma) && !PAID.has(singular(object.at(-1) ?? ''))))
      yield {
        says: 'Write',
        weight: 0.8,
        because: 'the word may mean money, but nothing else here does',
        quote: quote('/name', subject.tool.name),
      };
  },
};
export default signal;
