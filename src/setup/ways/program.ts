import type { Way } from '../way.ts';
import { optionsOf, programName } from './words.ts';

const NODE_TAKES = /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|-C|--conditions)$/;
const PYTHON_TAKES = /^-[WX]$/;
const UV_TAKES =
  /^(?:--directory|--project|--with|--with-requirements|-p|--python|--extra|--group|--package|--env-file|--index|--index-url|--extra-index-url|--cache-dir)$/;

/** A program of this machine: a file for an interpreter, or one that is started by its own name. */
export function asProgram(words: readonly string[], cwd: string | undefined): Way {
  const [command = '', ...rest] = words;
  const name = programName(command);
  const folder = cwd === undefined ? {} : { cwd };
  if (name === 'node' || name === 'tsx' || name === 'ts-node') return script('node', rest, NODE_TAKES, folder);
  if (name === 'bun' || name === 'deno')
    return script('node', rest[0] === 'run' ? rest.slice(1) : rest, NODE_TAKES, folder);
  if (name === 'py' || /^python(?:\d(?:\.\d+)?)?$/.test(name)) return script('python', rest, PYTHON_TAKES, folder);
  if (name === 'uv') return asUv(rest, cwd);
  return { kind: 'program', file: command, args: rest, ...folder };
}

function script(
  runtime: 'node' | 'python',
  words: readonly string[],
  takes: RegExp,
  folder: { readonly cwd?: string },
): Way {
  const { flags, values, rest } = optionsOf(words, (one) => takes.test(one));
  const [file, ...args] = rest;
  const inline = ['-e', '--eval', '-p', '--print', '-c', '-m'].find((one) => flags.has(one) || values.has(one));
  if (inline !== undefined || file === undefined)
    return { kind: 'unknown', why: `It runs no file${inline === undefined ? '' : ` (${inline})`}.` };
  return { kind: 'program', runtime, file, args, ...folder };
}

/** `uv --directory FOLDER run FILE`. */
function asUv(words: readonly string[], cwd: string | undefined): Way {
  const before = optionsOf(words, (one) => UV_TAKES.test(one));
  if (before.rest[0] !== 'run') return { kind: 'unknown', why: 'It asks uv for something else than to run a file.' };
  const after = optionsOf(before.rest.slice(1), (one) => UV_TAKES.test(one));
  const words_ = /^python\d?(?:\.\d+)?$/.test(after.rest[0] ?? '') ? after.rest.slice(1) : after.rest;
  const [file, ...args] = words_;
  if (file === undefined || !/\.pyw?$/i.test(file))
    return { kind: 'unknown', why: 'It runs a program of a Python project, which only its own environment has.' };
  const folder = [after, before].flatMap(({ values }) => values.get('--directory') ?? values.get('--project') ?? [])[0];
  const at = folder ?? cwd;
  return { kind: 'program', runtime: 'python', file, args, ...(at !== undefined && { cwd: at }) };
}
