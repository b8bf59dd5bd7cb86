import npa from 'npm-package-arg';
import semver from 'semver';
import { purlOf } from '#core/purl.ts';
import type { RemoteRef } from '#domain/server.ts';
import type { Way } from '../way.ts';
import { optionsOf, programName } from './words.ts';

/** Runners of packages of npm, and the word that has to follow where they do other things as well. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  npm: ['exec', 'x'],
  pnpm: ['dlx', 'exec'],
  yarn: ['dlx'],
  bun: ['x'],
};
const TAKES =
  /^(?:-p|--package|-c|--call|-w|--workspace|--registry|--cache|--userconfig|--prefix|--node-options|--loglevel)$/;
/** Packages that only pass on to a server elsewhere what they are asked. */
const PROXIES = new Set(['mcp-remote']);

/** `npx`, `npm exec`, `pnpm dlx`, `yarn dlx`, `bunx`, `deno run npm:…`, and `node …/npx-cli.js`. */
export function asNpx(words: readonly string[]): Way | undefined {
  const [command = '', ...rest] = words;
  const name = programName(command);
  if (name === 'node' && /[\\/]npx-cli\.js$/.test(rest[0] ?? '')) return asNpx(['npx', ...rest.slice(1)]);
  if (name === 'deno') return asDeno(rest);
  const verbs = Object.hasOwn(RUNNERS, name) ? RUNNERS[name]! : undefined;
  if (!verbs) return undefined;
  if (verbs.length > 0 && !verbs.includes(rest[0] ?? '')) return undefined;
  const { values, flags, rest: own } = optionsOf(verbs.length > 0 ? rest.slice(1) : rest, (one) => TAKES.test(one));
  const from = ['--registry', '--userconfig', '--prefix', '-w', '--workspace'].find((one) => values.has(one));
  if (from !== undefined)
    return { kind: 'unknown', why: `Its package comes from elsewhere than the registry (${from}).` };
  if (flags.has('-c') || values.has('-c') || values.has('--call'))
    return { kind: 'unknown', why: 'It is a line for a shell, which is not guessed at.' };
  const [named, ...others] = [...(values.get('--package') ?? []), ...(values.get('-p') ?? [])];
  if (others.length > 0) return { kind: 'unknown', why: 'It installs several packages together.' };
  const separated = own[0] === '--' ? own.slice(1) : own;
  const [spec, args] = named === undefined ? [separated[0], separated.slice(1)] : [named, separated.slice(1)];
  return spec === undefined ? { kind: 'unknown', why: 'It names no package.' } : packageWay(spec, args);
}

function asDeno(words: readonly string[]): Way | undefined {
  const { rest } = optionsOf(words[0] === 'run' ? words.slice(1) : words, () => false);
  const [spec = '', ...args] = rest;
  return spec.startsWith('npm:') ? packageWay(spec.slice(4).replace(/^\//, ''), args) : undefined;
}

function packageWay(spec: string, args: readonly string[]): Way {
  const elsewhere = { kind: 'unknown', why: 'Its package comes from elsewhere than the registry.' } as const;
  let parsed: npa.Result;
  try {
    parsed = npa(spec);
  } catch {
    return elsewhere;
  }
  const purl = parsed.registry && parsed.name !== null ? purlOf('npm', parsed.name) : undefined;
  if (purl === undefined || parsed.type === 'alias') return elsewhere;
  if (PROXIES.has(parsed.name!)) return remoteBehind(args) ?? { kind: 'unknown', why: 'It names no address.' };
  const version = spec.slice(parsed.name!.length).replace(/^@/, '').trim();
  return {
    kind: 'package',
    pinned: semver.valid(version) !== null,
    ref: { purl, ...(version !== '' && version !== '*' && { version }), ...(args.length > 0 && { args }) },
  };
}

/** `mcp-remote ADDRESS --transport sse-only --header NAME:VALUE`. */
function remoteBehind(args: readonly string[]): Way | undefined {
  const url = args.find((arg) => /^https?:\/\//i.test(arg));
  if (url === undefined) return undefined;
  const transport = args[args.indexOf('--transport') + 1] ?? '';
  const type: RemoteRef['type'] = args.includes('--transport') && /^sse/.test(transport) ? 'sse' : 'streamable-http';
  const headers = args.flatMap((arg, at) =>
    args[at - 1] === '--header' ? [{ name: arg.split(':')[0]!.trim(), secret: true }] : [],
  );
  return { kind: 'remote', remote: { type, url, ...(headers.length > 0 && { headers }) } };
}
