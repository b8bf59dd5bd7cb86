import { type PackageType, purlOf } from '#core/purl.ts';
import type { Input, PackageRef, RemoteRef } from '#domain/server.ts';
import { inputNamed, isPlaceholder } from './inputs.ts';
import { textOf, webAddress } from './texts.ts';

/** What starting a server the listed way takes. */
export interface Start {
  readonly packages: readonly PackageRef[];
  readonly remotes: readonly RemoteRef[];
}

/** How a command names the package it starts: words to skip before it, options that take a value, one that names it. */
interface Runner {
  readonly type: PackageType;
  readonly lead: readonly string[];
  readonly valued: RegExp;
  readonly names?: RegExp;
}

const NPX = { type: 'npm', valued: /^(-c|--call|-w|--workspace|--registry)$/, names: /^(-p|--package)$/ } as const;
const UVX = {
  type: 'pypi',
  valued:
    /^(-p|--python|-w|--with|--with-editable|--index|--index-url|--default-index|-i|--refresh-package|--directory)$/,
  names: /^(--from|--spec)$/,
} as const;
const DOCKER =
  /^(-[ehlmpuvw]|--(env|env-file|volume|publish|name|network|net|mount|workdir|entrypoint|user|platform|hostname|add-host|pull|label|memory|cpus|device|gpus|restart|tmpfs|dns|cap-add|cap-drop|security-opt|runtime))$/;
const RUNNERS: Readonly<Record<string, readonly Runner[]>> = {
  npx: [{ ...NPX, lead: [] }],
  bunx: [{ ...NPX, lead: [] }],
  pnpx: [{ ...NPX, lead: [] }],
  pnpm: [{ ...NPX, lead: ['dlx'] }],
  yarn: [{ ...NPX, lead: ['dlx'] }],
  bun: [{ ...NPX, lead: ['x'] }],
  npm: [...['exec', 'install', 'i'].map((word) => ({ ...NPX, lead: [word] }))],
  uvx: [{ ...UVX, lead: [] }],
  uv: [{ ...UVX, lead: ['tool', 'run'] }],
  pipx: [{ ...UVX, lead: ['run'] }],
  pip: [{ ...UVX, lead: ['install'] }],
  docker: [{ type: 'oci', lead: ['run'], valued: DOCKER }],
  podman: [{ type: 'oci', lead: ['run'], valued: DOCKER }],
};

/**
 * The package that a command line starts, with the arguments and variables that are fixed; undefined where it starts
 * something else, such as a local file, a checkout, or an image that only this machine has.
 */
export function packageStarted(words: readonly string[], env: readonly Input[] = []): PackageRef | undefined {
  const [command = '', ...rest] = words;
  const program = command.replace(/^.*[\\/]/, '').replace(/\.(exe|cmd)$/i, '');
  for (const runner of Object.hasOwn(RUNNERS, program) ? RUNNERS[program]! : []) {
    if (!runner.lead.every((word, i) => rest[i] === word)) continue;
    const { named, args, variables } = read(runner, rest.slice(runner.lead.length));
    const found = named === undefined ? undefined : packageNamed(runner.type, named);
    if (!found) continue;
    const literal = literalWords(args);
    const inputs = [...env, ...variables.filter(({ name }) => !env.some((one) => one.name === name))];
    return { ...found, ...(literal.length > 0 && { args: literal }), ...(inputs.length > 0 && { env: inputs }) };
  }
  return undefined;
}

/** Takes a command's words apart: which package, which arguments reach it, which variables are set for it. */
function read({ valued, names }: Runner, words: readonly string[]) {
  const variables: Input[] = [];
  let named: string | undefined;
  let at = 0;
  for (; at < words.length; at++) {
    const [option = '', inline] = words[at]!.startsWith('--') ? splitAtEquals(words[at]!) : [words[at]!];
    if (!option.startsWith('-')) break;
    if (names?.test(option)) named = inline ?? words[++at];
    else if (valued.test(option)) {
      const value = inline ?? words[++at];
      if (/^(-e|--env)$/.test(option) && value !== undefined) variables.push(...variableSet(value));
    }
  }
  // Behind `--package x` stands the name of the program in it.
  const args = words.slice(at + 1);
  return { named: named ?? words[at], args, variables };
}

function splitAtEquals(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function variableSet(text: string): readonly Input[] {
  const [name, value] = splitAtEquals(text);
  return inputNamed(name, { value });
}

/**
 * Programs that start whatever stands behind them, and words of command lines that are packages too, of nobody who has
 * to do with the server. Which server such a line starts cannot be told from it, and to launch them would be to launch
 * something else.
 */
const NO_SERVERS: Readonly<Partial<Record<PackageType, RegExp>>> = {
  npm: /^(bun|concurrently|cross-env|deno|dotenv-cli|node|nodemon|npm|npx|pnpm|run|start|ts-node|tsx|yarn)$/i,
  pypi: /^(pip|pipx|poetry|python3?|run|start|tool|uv|uvicorn|uvx)$/i,
};

function packageNamed(type: PackageType, word: string): PackageRef | undefined {
  if (type === 'oci') return packageOfImage(word);
  const [, name = '', version] =
    type === 'npm'
      ? (/^(@?[^@]+)(?:@(.+))?$/.exec(word) ?? [])
      : (/^([^\s[@=<>~!;]+)(?:\[[^\]]*\])?(?:(?:@|==)([^\s,;]+))?/.exec(word) ?? []);
  const purl = NO_SERVERS[type]?.test(name) ? undefined : purlOf(type, name);
  // A tag such as latest is no version.
  return purl === undefined ? undefined : { purl, ...(version !== undefined && /^\d/.test(version) && { version }) };
}

/** The package of an image; undefined without an owner, since that is an image of the reader's own machine. */
export function packageOfImage(reference: string): PackageRef | undefined {
  const purl = reference.includes('/') ? purlOf('oci', reference) : undefined;
  const version = /:([\w.-]+)(?:@.*)?$/.exec(reference)?.[1];
  return purl === undefined ? undefined : { purl, ...(version !== undefined && { version }) };
}

/** The arguments that are the same for everyone. From the first position that a user must fill, none holds. */
export function literalWords(words: readonly string[]): readonly string[] {
  const literal: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word, next] = [words[at]!, words[at + 1]];
    if (isPlaceholder(word)) {
      if (!word.startsWith('-')) break;
      continue;
    }
    if (/^--?\w[\w-]*$/.test(word) && next !== undefined && !next.startsWith('-') && isPlaceholder(next)) at++;
    else literal.push(word);
  }
  return literal;
}

/**
 * What an entry of a client's configuration starts: `{command, args, env}` or `{url}`, in the spellings of the common
 * clients (`serverUrl`, `httpUrl`, `type`, `transport`).
 */
export function startOf(entry: unknown): Start {
  if (entry === null || typeof entry !== 'object') return { packages: [], remotes: [] };
  const { command, args, env, url, serverUrl, httpUrl, type, transport } = entry as Record<string, unknown>;
  const address = webAddress(url ?? serverUrl ?? httpUrl);
  const kind = textOf(type ?? transport, 40) === 'sse' ? ('sse' as const) : ('streamable-http' as const);
  const words = [command, ...(Array.isArray(args) ? args : [])].flat().filter((word) => typeof word === 'string');
  const found = packageStarted(words.slice(0, 200), variables(env));
  return {
    packages: found ? [found] : [],
    remotes: address === undefined ? [] : [{ type: kind, url: address }],
  };
}

function variables(env: unknown): readonly Input[] {
  if (env === null || typeof env !== 'object' || Array.isArray(env)) return [];
  return Object.entries(env).flatMap(([name, value]) => inputNamed(name, { value }));
}
