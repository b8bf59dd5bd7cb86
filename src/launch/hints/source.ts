import { sourceFiles } from '../package-files.ts';
import { readText } from './read-text.ts';

/** Bytes of source that are searched, in one file and in all. */
const FILE_MAX = 2_000_000;
const TOTAL_MAX = 8_000_000;
const NAMES_MAX = 150;

const ACCESS = /\bprocess\.env(?:\.|\??\.?\[\s*['"`])([A-Z][A-Z0-9_]{1,80})\b/g;
/** Read through a helper or a validated copy: `env.X`, or a string that can only be the name of a credential. */
const INDIRECT =
  /\b(?:env|ENV)\.([A-Z][A-Z0-9]*_[A-Z0-9_]{1,80})\b|['"`]((?:[A-Z][A-Z0-9]*_)+(?:(?:API|ACCESS|SECRET|PRIVATE|AUTH|BOT)_(?:KEY|TOKEN)|PASSWORD))['"`]/g;
const TAKEN_APART = /\{([^{}]{1,2000})\}\s*=\s*process\.env\b/g;

/** Python's: `os.environ["X"]`, `os.getenv("X")`, an option's `envvar="X"`, a setting's `validation_alias="X"`. */
const PYTHON =
  /\b(?:environ\s*\[|environ\.(?:get|pop|setdefault)\s*\(|getenv\s*\(|envvar\s*=|(?:validation_)?alias\s*=)\s*\[?\s*[rf]?['"]([A-Z][A-Z0-9_]{1,80})['"]/g;

/** Variables of the runtime, the shell, CI systems and loggers: every program has them, none is a server's input. */
const COMMON =
  /^(NODE_\w+|NODE|ENV|HOME|USER|USERNAME|USERPROFILE|PATH|PATHEXT|PWD|SHELL|TERM\w*|COLORTERM|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|CI|DEBUG\w*|NO_COLOR|FORCE_COLOR|NO_DEPRECATION|APPDATA|LOCALAPPDATA|PROGRAMFILES\w*|SYSTEMROOT|WINDIR|COMSPEC|XDG_\w+|HOSTNAME|DISPLAY|WAYLAND_DISPLAY|EDITOR|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|GITHUB_(ACTIONS?|WORKFLOW|RUN_ID|SHA|REF)\w*|JEST_\w+|VITEST\w*|VERCEL\w*|LAMBDA_\w+|AWS_LAMBDA_\w+|KUBERNETES_SERVICE_\w+|READABLE_STREAM|GRACEFUL_FS\w*|TEST_\w+|WS_NO_\w+|DOTENV_\w+|NVM_\w+|UV_THREADPOOL_SIZE|npm_\w+|PYTHON\w*|VIRTUAL_ENV|PIP_\w+|PYTEST_\w+)$/;

/** Names of environment variables that a package's own code reads, in order of file and place. */
export async function sourceVariables(folder: string): Promise<readonly string[]> {
  return namesIn(await sourceFiles(folder), (text) => [
    ...groups(text, ACCESS),
    ...groups(text, INDIRECT),
    ...groups(text, TAKEN_APART).flatMap((list) => list.match(/(?<![\w:])[A-Z][A-Z0-9_]{1,80}\b/g) ?? []),
  ]);
}

/** The same for these Python files. */
export async function pythonVariables(paths: readonly string[]): Promise<readonly string[]> {
  return namesIn(paths, (text) => groups(text, PYTHON));
}

/** What the first group that matched holds, of every match. */
function groups(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, ...found]) => found.find((group) => group !== undefined) ?? []);
}

async function namesIn(
  paths: readonly string[],
  find: (text: string) => readonly string[],
): Promise<readonly string[]> {
  const names = new Set<string>();
  let left = TOTAL_MAX;
  for (const path of paths) {
    if (left <= 0 || names.size >= NAMES_MAX) break;
    const text = await readText(path, Math.min(FILE_MAX, left));
    if (text === undefined) continue;
    left -= text.length;
    for (const name of find(text)) names.add(name);
  }
  return [...names].filter((name) => !COMMON.test(name)).slice(0, NAMES_MAX);
}
