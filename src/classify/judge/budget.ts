/** Dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** What a run may spend. Money counts only where the price is known. */
export interface Limits {
  readonly tokens: number;
  readonly dollars?: number | undefined;
  readonly price?: Price | undefined;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** Spent and promised, for the progress line. */
export interface Spent {
  readonly tokens: number;
  readonly dollars: number | undefined;
  readonly requests: number;
}

/** A share of the budget that was set aside for one try. */
export interface Reserve {
  /** What it really took; without usage (no answer came, or it did not say) the whole reserve counts as spent. */
  settle(usage: Tokens | undefined): void;
  /** The try was turned away before it cost anything. */
  giveBack(): void;
}

/**
 * A budget that cannot be passed: before every try its dearest outcome is set aside, and a try for which there is no
 * room is not made. Holds as far as the service keeps to `max_completion_tokens` and counts no more input than was
 * reserved.
 */
export interface Budget {
  /** Undefined where the rest does not cover it. */
  reserve(most: Tokens): Reserve | undefined;
  spent(): Spent;
  /** What others have spent of it so far: that is not there for `reserve` any more, and not in `spent`. */
  elsewhere(spent: { readonly tokens: number; readonly dollars: number }): void;
  readonly limits: Limits;
}

const MILLION = 1_000_000;

export function openBudget(limits: Limits): Budget {
  let requests = 0;
  const spent = { tokens: 0, dollars: 0 };
  let others = { tokens: 0, dollars: 0 };
  const price = ({ input, output }: Tokens) =>
    limits.price ? (input * limits.price.input + output * limits.price.output) / MILLION : 0;
  const add = (tokens: Tokens, sign: 1 | -1) => {
    spent.tokens += sign * (tokens.input + tokens.output);
    spent.dollars += sign * price(tokens);
  };
  return {
    limits,
    reserve(most) {
      if (others.tokens + spent.tokens + most.input + most.output > limits.tokens) return undefined;
      // A budget in money without a price lets nothing through: it could not be kept.
      if (
        limits.dollars !== undefined &&
        (!limits.price || others.dollars + spent.dollars + price(most) > limits.dollars)
      )
        return undefined;
      add(most, 1);
      requests++;
      let open = true;
      const close = (instead: Tokens | undefined) => {
        if (!open) return;
        open = false;
        if (!instead) return;
        add(most, -1);
        add(instead, 1);
      };
      return { settle: close, giveBack: () => close({ input: 0, output: 0 }) };
    },
    elsewhere(given) {
      others = given;
    },
    spent: () => ({ tokens: spent.tokens, dollars: limits.price ? spent.dollars : undefined, requests }),
  };
}

/** The running total in words. */
export function spentInWords({ limits, spent }: Budget): string {
  const { tokens, dollars } = spent();
  const money =
    dollars === undefined
      ? ''
      : `$${dollars.toFixed(2)}${limits.dollars === undefined ? '' : ` of $${limits.dollars.toFixed(2)}`}, `;
  return `judge ${money}${tokens.toLocaleString('en')} of ${limits.tokens.toLocaleString('en')} tokens`;
}
