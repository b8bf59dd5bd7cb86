import { purlOf } from '#core/purl.ts';
import type { Way } from '../way.ts';
import { optionsOf, programName } from './words.ts';

const TAKES =
  /^(?:--from|--spec|--with|--with-editable|--with-requirements|-p|--python|--index|--index-url|-i|--extra-index-url|--default-index|--find-links|-f|--cache-dir|--directory|--project|--config-file|--env-file|-c|--constraints?|--overrides?|--refresh-package|-P|--upgrade-package|--pip-args|--index-strategy|--prerelease|--resolution|--exclude-newer|--link-mode|--color)$/;
const ELSEWHERE = ['--index', '--index-url', '-i', '--extra-index-url', '--default-index', '--find-links', '-f'];
/** A requirement of the index: name, extras, and one version where it names one. */
const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)(?:\[[\w,. -]*\])?\s*(?:(==|@|>=|<=|~=|!=|>|<)\s*([^\s,;]+))?\s*$/;

/** `uvx`, `uv tool run`, `pipx run`. */
export function asUvx(words: readonly string[]): Way | undefined {
  const [command = '', ...rest] = words;
  const name = programName(command);
  const isTool = name === 'uv' && rest[0] === 'tool' && rest[1] === 'run';
  const isPipx = name === 'pipx' && rest[0] === 'run';
  if (name !== 'uvx' && !isTool && !isPipx) return undefined;
  const { values, rest: own } = optionsOf(rest.slice(isTool ? 2 : isPipx ? 1 : 0), (one) => TAKES.test(one));
  const from = ELSEWHERE.find((one) => values.has(one));
  if (from !== undefined) return { kind: 'unknown', why: `Its package comes from another index (${from}).` };
  const named = values.get('--from')?.at(-1) ?? values.get('--spec')?.at(-1);
  const [program, ...args] = own;
  const spec = named ?? program;
  if (spec === undefined) return { kind: 'unknown', why: 'It names no package.' };
  const [, distribution = '', relation, version] = REQUIREMENT.exec(spec) ?? [];
  const purl = purlOf('pypi', distribution);
  if (purl === undefined) return { kind: 'unknown', why: 'Its package comes from elsewhere than the index.' };
  const exact = (relation === '==' || relation === '@') && version !== 'latest' && !version?.includes('*');
  return {
    kind: 'package',
    pinned: exact,
    ref: { purl, ...(exact && { version: version! }), ...(args.length > 0 && { args }) },
  };
}
