import { withoutSecrets } from '#core/secrets.ts';
import { variablesIn } from './expand.ts';

/** Stands where an argument of the user's was that is not given away. */
export const WITHHELD = 'plimsoll-fake-value';
/** A folder that is there in every sandbox, in place of those of the user's. */
const FOLDER = '/tmp';
const PATH = /^(?:~?\/(?!\/)|~$|\.{1,2}(?:\/|\\|$)|[A-Za-z]:[\\/]|\\\\|\$\{(?:workspaceFolder|userHome|HOME)\})/;
/** Options whose value is the user's own, by the end of their names. */
const SECRET_OPTION =
  /^--?[\w-]*(?:key|token|secret|password|passwd|pass|pat|credentials?|auth|authorization|cookie|header|bearer|dsn|connection-?string)$/i;

/** A server's arguments as they may be given to it, and what was done to them, counted. */
export interface Given {
  readonly args: readonly string[];
  /** Arguments that look like credentials, or hold variables of the user's. */
  readonly withheld: number;
  /** Paths on the user's disk, of which a sandbox has none. */
  readonly moved: number;
}

/**
 * Arguments without what is the user's: what looks like a credential, or follows an option that takes one, becomes a
 * value that is plainly made up, and a path becomes a folder that a sandbox has.
 */
export function withoutOwn(args: readonly string[]): Given {
  let [withheld, moved] = [0, 0];
  const clean = args.map((arg, at) => {
    const [, option = '', value = arg] = /^(--?[\w.-]+=)(.*)$/s.exec(arg) ?? [];
    const isValue = option !== '' || !arg.startsWith('-');
    const named = option !== '' ? option.slice(0, -1) : (args[at - 1] ?? '');
    const address = /^[a-z][\w+.-]*:\/\/[^\s/]*@/i.test(value);
    if (isValue && (SECRET_OPTION.test(named) || isSecret(arg, value) || address)) {
      withheld++;
      return `${option}${WITHHELD}`;
    }
    if (isValue && PATH.test(value)) {
      moved++;
      return `${option}${FOLDER}`;
    }
    return arg;
  });
  return { args: clean, withheld, moved };
}

function isSecret(arg: string, value: string): boolean {
  return withoutSecrets(arg) !== arg || withoutSecrets(value) !== value || variablesIn(value).length > 0;
}

/** The same paths moved, and nothing withheld. */
export function withPathsMoved(args: readonly string[]): Given {
  let moved = 0;
  const given = args.map((arg) => {
    const [, option = '', value = arg] = /^(--?[\w.-]+=)(.*)$/s.exec(arg) ?? [];
    if ((option === '' && arg.startsWith('-')) || !PATH.test(value)) return arg;
    moved++;
    return `${option}${FOLDER}`;
  });
  return { args: given, withheld: 0, moved };
}
