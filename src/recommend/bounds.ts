import type { Condition, Rule } from '#domain/policy.ts';
import type { Parameter } from './parameters.ts';
import {
  atDomains,
  belowFolders,
  belowHosts,
  CHANGING_SQL,
  INNER_HOST,
  READ_ONLY_SQL,
  SECRET_PLACE,
  UPWARDS,
} from './patterns.ts';

type Denial = NonNullable<Rule['deny_if']>[number];

/** What is asked of one argument: what must hold, what denies, and why. */
export interface Bound {
  readonly require?: readonly Condition[];
  readonly denyIf?: readonly Denial[];
  /** A call that keeps it changes nothing. */
  readonly harmless?: true;
  readonly why: string;
}

const path = ({ name }: Parameter) => `args.${name}`;

/** What every value of the argument must keep. */
function every(one: Parameter, value: string): Condition {
  return { path: path(one), ...(one.list && { of: 'every' }), op: 'regex', value };
}

/** Addresses below these hosts. */
export function onlyHosts(one: Parameter, hosts: readonly string[]): Bound {
  return { require: [every(one, belowHosts(hosts))], why: `Only chosen hosts may stand in '${one.name}'.` };
}

/** No address of this machine, its network or a metadata service. */
export function noInnerHost(one: Parameter): Bound {
  return denied(
    one,
    'regex',
    INNER_HOST,
    `'${one.name}' must not name this machine, its network or a metadata service.`,
  );
}

/** Paths below these folders. */
export function onlyPaths(one: Parameter, folders: readonly string[]): Bound {
  return {
    ...denied(one, 'regex', UPWARDS, 'The path leads upwards.'),
    require: [every(one, belowFolders(folders))],
    why: `Paths in '${one.name}' must lie below a chosen folder.`,
  };
}

/** No path to secrets, to the system or upwards. */
export function noSecretPlace(one: Parameter): Bound {
  return denied(one, 'regex', SECRET_PLACE, `'${one.name}' must not lead to secrets, to the system or upwards.`);
}

/** Recipients of these domains. */
export function onlyDomains(one: Parameter, domains: readonly string[]): Bound {
  return {
    require: [every(one, atDomains(domains))],
    why: `Only recipients of chosen domains may stand in '${one.name}'.`,
  };
}

/** A list of at most so many things. */
export function fewer(one: Parameter, most: number): Bound {
  const why = `'${one.name}' names at most ${most} things in one call.`;
  return { denyIf: [{ conditions: [{ path: path(one), op: 'count_gt', value: most }], on_deny: why }], why };
}

/** Where none is named, the default branch is meant: so one must be named. */
export function noBranch(one: Parameter, branches: readonly string[]): Bound {
  return {
    ...denied(
      one,
      'in',
      branches.flatMap((name) => [name, `refs/heads/${name}`]),
      `'${one.name}' must be named, and not be a protected branch.`,
    ),
    require: [{ path: path(one), op: 'exists', value: true }],
  };
}

/** SQL that only reads. */
export function readOnlySql(one: Parameter): Bound {
  return {
    require: [every(one, READ_ONLY_SQL)],
    harmless: true,
    ...denied(one, 'regex', CHANGING_SQL, `SQL in '${one.name}' must only read.`),
  };
}

/** A number of at most so much, in `what`. */
export function atMost(one: Parameter, most: number, what: string): Bound {
  return denied(one, 'gt', most, `'${one.name}' is at most ${most} in ${what}.`);
}

/** Only a call that tries. */
export function dryRun(one: Parameter): Bound {
  return {
    require: [{ path: path(one), op: 'eq', value: true }],
    harmless: true,
    why: `Only a trial run is let through: '${one.name}' must be true.`,
  };
}

function denied(
  one: Parameter,
  op: Condition['op'],
  value: Condition['value'],
  why: string,
): Bound & { readonly denyIf: readonly Denial[] } {
  const condition: Condition = { path: path(one), ...(one.list && { of: 'some' }), op, value };
  return { denyIf: [{ conditions: [condition], on_deny: why }], why };
}
