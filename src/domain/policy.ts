/**
 * How a policy treats a whole server when nothing more is said: `recommended` by category and risk; `read-only` lets
 * nothing through that changes anything; `strict` asks a person before every change; `permissive` asks nobody and caps
 * instead.
 */
export const PROFILES = ['recommended', 'read-only', 'strict', 'permissive'] as const;
export type Profile = (typeof PROFILES)[number];

export interface Limit {
  /** Name of the counter, unique within the server's policy. */
  readonly counter: string;
  readonly window: 'minute' | 'hour' | 'day';
  readonly max: number;
  readonly scope: 'grant' | 'session' | 'server';
}

export interface Approval {
  /** Who must say yes. */
  readonly by: 'user' | 'operator';
  /** After this long without an answer the call is denied; ISO 8601 duration. */
  readonly timeout: string;
  /** What the person is shown. */
  readonly show: readonly ('tool' | 'arguments' | 'server' | 'reason')[];
}

export interface Condition {
  /** `args.` and a dotted path into the call's arguments; only of arguments that the schema has. */
  readonly path: string;
  /** Where the argument is a list: whether every value of it must be so, or some. Absent: the argument itself. */
  readonly of?: 'every' | 'some';
  /** `count_gt`: how many values the list has; a single value is one. */
  readonly op:
    | 'eq'
    | 'neq'
    | 'lt'
    | 'lte'
    | 'gt'
    | 'gte'
    | 'in'
    | 'not_in'
    | 'exists'
    | 'regex'
    | 'contains'
    | 'count_gt';
  readonly value: string | number | boolean | readonly (string | number)[];
}

/**
 * What may happen to calls of one tool. `{}` beside `why` and `definition` allows.
 * Limits and approval may stand together; `deny` wins over everything.
 */
export interface Rule {
  readonly deny?: { readonly reason: string };
  readonly limits?: readonly Limit[];
  readonly approve?: Approval;
  readonly require?: readonly Condition[];
  readonly deny_if?: readonly { readonly conditions: readonly Condition[]; readonly on_deny: string }[];
  readonly why: readonly string[];
  /** Fingerprint of the definition that the rule was written for; a changed one falls back to the default. */
  readonly definition: string;
}

/** One server's policy: what Plimsoll recommends, before any gateway's format. A tool not named is denied. */
export interface Policy {
  readonly version: '1';
  readonly default: 'deny';
  readonly profile: Profile;
  readonly server: string;
  /** Tools to leave out of the list altogether; calls to them are denied. */
  readonly hide: readonly string[];
  readonly tools: { readonly [name: string]: Rule };
}
