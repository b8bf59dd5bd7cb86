import { compare, satisfies, valid } from '@renovatebot/pep440';

/** One file of a project, as an index lists it. */
export interface IndexFile {
  readonly filename: string;
  readonly url: string;
  /** In lower-case hex, where the index states it. */
  readonly sha256?: string;
  readonly requiresPython?: string;
  readonly yanked: boolean;
  /** ISO date of its upload, where the index says so. */
  readonly uploadedAt?: string;
}

/** What decides which files an interpreter can use: its version, and the tags of wheels that it takes, best first. */
export interface Interpreter {
  readonly version: string;
  readonly tags: readonly string[];
}

export interface Release {
  readonly version: string;
  readonly file: IndexFile;
  readonly kind: 'wheel' | 'sdist';
}

/** The name of a project in the one form that PEP 503 gives it. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

interface Parsed {
  readonly version: string;
  /** Every `python-abi-platform` that its name stands for; none for a source distribution. */
  readonly tags?: readonly string[];
}

/** What a file's name says (PEP 427, PEP 625); undefined where it is no file of this project that pip would take. */
function parse(filename: string, name: string): Parsed | undefined {
  const wheel = /^([^-]+)-([^-]+)(?:-(\d[^-]*))?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(filename);
  if (wheel) {
    const [, project = '', version = '', , pythons = '', abis = '', platforms = ''] = wheel;
    if (canonicalName(project) !== name || !valid(version)) return undefined;
    const tags = pythons
      .split('.')
      .flatMap((python) =>
        abis.split('.').flatMap((abi) => platforms.split('.').map((one) => `${python}-${abi}-${one}`)),
      );
    return { version, tags };
  }
  const [, stem = ''] = /^(.+)\.(?:tar\.gz|zip)$/.exec(filename) ?? [];
  const at = [...stem.matchAll(/-/g)]
    .map(({ index }) => index)
    .find((index) => canonicalName(stem.slice(0, index)) === name && valid(stem.slice(index + 1)));
  return at === undefined ? undefined : { version: stem.slice(at + 1) };
}

/**
 * The file of a project that pip would install: of the version wanted, or of the newest that is no pre-release unless
 * all are; the wheel whose tag comes first, else, where `builds`, the source. `why` says what is in the way.
 */
export function choose(
  files: readonly IndexFile[],
  name: string,
  wanted: string | undefined,
  interpreter: Interpreter,
  builds: boolean,
): Release | { readonly why: 'no-version' | 'no-wheel' | 'platform' } {
  const known = files.flatMap((file) => {
    const parsed = parse(file.filename, name);
    return parsed ? [{ file, ...parsed }] : [];
  });
  // A yanked file is for those who ask for just that version (PEP 592).
  const offered = known.filter(({ version, file }) =>
    wanted === undefined ? !file.yanked : valid(wanted) !== null && compare(version, wanted) === 0,
  );
  if (offered.length === 0) return { why: 'no-version' };
  const fitting = offered.filter(({ file }) => fits(file.requiresPython, interpreter.version));
  if (fitting.length === 0) return { why: 'platform' };
  const rank = new Map(interpreter.tags.map((tag, index) => [tag, index]));
  const releases = fitting.flatMap(({ file, version, tags }): readonly (Release & { readonly rank: number })[] => {
    if (!tags) return builds ? [{ file, version, kind: 'sdist', rank: Number.MAX_SAFE_INTEGER }] : [];
    const best = Math.min(...tags.map((tag) => rank.get(tag) ?? Number.POSITIVE_INFINITY));
    return best === Number.POSITIVE_INFINITY ? [] : [{ file, version, kind: 'wheel', rank: best }];
  });
  const stable = releases.filter(({ version }) => !isPrerelease(version));
  const [best] = (stable.length > 0 ? stable : releases).toSorted(
    (a, b) => compare(b.version, a.version) || a.rank - b.rank,
  );
  if (best) return best;
  const onlySources = fitting.every(({ tags }) => !tags);
  return { why: onlySources ? 'no-wheel' : 'platform' };
}

function isPrerelease(version: string): boolean {
  return /(a|b|c|rc|alpha|beta|pre|preview|dev)[-_.]?\d*$/i.test(version.replace(/\+.*$/, ''));
}

/** A range that cannot be read binds nobody, as in pip. */
function fits(range: string | undefined, version: string): boolean {
  if (range === undefined || range.trim() === '') return true;
  try {
    return satisfies(version, range);
  } catch {
    return true;
  }
}
