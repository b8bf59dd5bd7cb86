import { fakeValue } from './fakes.ts';

/** Arguments with which servers are known to speak over standard streams, commonest first. */
const STDIO: readonly (readonly string[])[] = [
  ['--stdio'],
  ['stdio'],
  ['mcp'],
  ['server', 'start'],
  ['--transport', 'stdio'],
  ['start'],
  ['serve'],
  ['run'],
];
/** A flag with what stands for its value: `--key=<key>`, `--key KEY`, `--key "The key"`, `--folder name=/path/to/folder`. */
const FLAG =
  /(--[a-z][A-Za-z0-9-]{2,40})([ =])(?:<[^>\n]{1,60}>|[A-Z][A-Z_]{2,}|"[^"\n]{1,60}"|your[_-]\w+|([\w-]{1,40}=)?\/(?:[\w-]{1,40}\/)?path\/to\/)/g;
/** The subcommand for which a usage shows flags. */
const FLAGGED = /usage:[ \t]+(?:npx (?:-y )?)?[^ \n]{1,80} ([a-z][a-z-]{1,20}) --/i;
/** Flags that say how it speaks rather than whom it speaks for. */
const UNTOUCHED = /port|mode|transport|log|help|version|format/i;
/** A subcommand as a list of them shows it, with what it does. */
const SUBCOMMAND =
  /^[ \t]{1,12}(?:[\w@/.-]+ )??([a-z][a-z-]{1,20})(?: *[[<][^\]>\n]{1,40}[\]>])*(?:[ \t]{2,}| [-–] |: )(.{3,200})$/gm;
const STARTS = /\b(start|run|serve|launch)(s|ing)?\b.*\b(mcp|server|stdio)\b|\bmcp server\b|\bstdio\b/i;
/** Subcommands that do something else, whatever is said of them. */
const OTHER =
  /^(init|install|uninstall|setup|config|configure|login|logout|auth|add|remove|list|stop|restart|status|update|upgrade|test|help|version|http|sse|web|docker|note|options?|usage|example)$/;
const ASKS = /usage|commands?\b|subcommand|arguments?\b|options?:|--help|required/i;

/** Arguments that a usage text or a complaint asks for, with made-up values: each list is a way to try. */
export function usageArguments(said: string): readonly (readonly string[])[] {
  // Flags of a subcommand that sets it up are not for the server.
  const usual = said.replace(/^.*[ \t](init|install|setup|configure|config|login|auth|add)[ \t]+--.*$/gm, '');
  const flags = new Map(
    [...usual.matchAll(FLAG)].flatMap(([whole, flag = '', between, before = '']) =>
      UNTOUCHED.test(flag)
        ? []
        : [[flag, [between, whole.endsWith('/path/to/') ? `${before}/tmp` : fakeValue(flag.slice(2))]] as const],
    ),
  );
  const given = [...flags]
    .slice(0, 3)
    .flatMap(([flag, [between, value = '']]) => (between === '=' ? [`${flag}=${value}`] : [flag, value]));
  const [, word] = FLAGGED.exec(usual) ?? [];
  if (given.length > 0) return [word === undefined || OTHER.test(word) ? given : [word, ...given]];
  if (/(database|connection|postgres\w*).{0,20}(url|string).{0,60}argument/i.test(said))
    return [[fakeValue('DATABASE_URL')]];
  const [, positional] = /usage:[^\n]*?[ ]<([^>\n]{2,60})>/i.exec(said) ?? [];
  if (positional !== undefined && !/command|action/i.test(positional))
    return [[fakeValue(positional.replace(/[^A-Za-z]+/g, '_'))]];
  if (/(provide|specify|pass|missing|required?).{0,40}(argument|directory|folder|path)/i.test(said)) return [['/tmp']];
  return [];
}

/** Arguments by which it may come to speak over standard streams: those whose words it says come first. */
export function stdioArguments(said: string): readonly (readonly string[])[] {
  if (said.trim() === '') return STDIO.slice(0, 2);
  if (!ASKS.test(said)) return [];
  const says = (list: readonly string[]) =>
    list.every((word) => new RegExp(`(^|[^\\w-])${word}($|[^\\w-])`, 'im').test(said));
  const told = [...said.matchAll(SUBCOMMAND)].flatMap(([, word = '', does = '']) =>
    STARTS.test(does) && !OTHER.test(word) ? [[word]] : [],
  );
  const likely = [...told, ...STDIO.filter(says), ...STDIO.filter((list) => !says(list))];
  return [...new Map(likely.map((list) => [String(list), list])).values()].slice(0, 5);
}
