// What action.yml runs: the scan of a workspace, and around it what GitHub reads: the job's summary, outputs and annotations.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What this needs of the result that `scan -o` writes. */
interface Result {
  readonly findings: readonly {
    readonly kind: string;
    readonly severity: string;
    readonly text: string;
    readonly name?: string;
    readonly tool?: string;
    readonly place?: { readonly shown: string; readonly line: number };
  }[];
}

const CLI = join(import.meta.dirname, '../src/cli.ts');
/** GitHub takes a summary of at most a megabyte, and shows ten annotations of a step. */
const SUMMARY_MAX = 1_000_000;
const ANNOTATIONS_MAX = 10;
/** What a scan may know of the runner: no token of it is its business, whatever a configuration refers to. */
const KNOWN =
  /^(?:PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|PLIMSOLL_\w+|NPM_CONFIG_REGISTRY)$/i;

const { env } = process;
const input = (name: string) => (env[`INPUT_${name}`] ?? '').trim();
const isOn = (name: string) => {
  const said = input(name).toLowerCase();
  if (['true', 'false', ''].includes(said)) return said === 'true';
  throw new Error(`${name.toLowerCase().replaceAll('_', '-')} takes true or false, not '${said}'.`);
};

/** Writes to a file that GitHub names, where it names one. */
async function tell(variable: string, text: string): Promise<void> {
  if (env[variable]) await appendFile(env[variable], text);
}

function argumentsOf(folder: string): string[] {
  const paths = input('PATH')
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean);
  // A path is not to be read as an option, nor what follows as a command.
  const named = (paths.length > 0 ? paths : ['.']).map((one) => (one.startsWith('-') ? `./${one}` : one));
  return [
    ...['scan', ...named, '--out', folder],
    ...(input('FAIL_ON') ? ['--fail-on', input('FAIL_ON')] : []),
    ...(isOn('ACCEPT_UNSEEN') ? ['--accept-unseen'] : []),
    ...(isOn('FROZEN') ? ['--frozen'] : []),
    ...(input('LOCK_FILE') ? ['--lock-file', input('LOCK_FILE')] : []),
  ];
}

/** Runs the scan; what it prints is shown as it is, and nothing in it is taken for a command of the workflow's. */
async function scan(folder: string, home: string): Promise<number> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => KNOWN.test(name)));
  const own = { PLIMSOLL_HOME: home, ...(input('CATALOGUE') && { PLIMSOLL_CATALOGUE: input('CATALOGUE') }) };
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  const child = spawn(process.execPath, [CLI, ...argumentsOf(folder)], {
    cwd: env.GITHUB_WORKSPACE || process.cwd(),
    env: { ...own, ...kept },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  process.stdout.write(`\n::${token}::\n`);
  return code ?? 1;
}

/** A line that GitHub shows beside the configuration's own. */
function annotation({ severity, kind, text, name, tool, place }: Result['findings'][number]): string {
  const data = (one: string) => one.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (one: string) => data(one).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const level = severity === 'medium' ? 'warning' : severity === 'low' ? 'notice' : 'error';
  const where = place ? `file=${property(place.shown)},line=${place.line},` : '';
  return `::${level} ${where}title=${property(`Plimsoll: ${kind}`)}::${data([name, tool, text].filter(Boolean).join(' '))}\n`;
}

const temporary = env.RUNNER_TEMP || tmpdir();
await mkdir(temporary, { recursive: true });
const folder = await mkdtemp(join(temporary, 'plimsoll-'));
const code = await scan(folder, join(temporary, 'plimsoll-home'));
const text = await readFile(join(folder, 'scan.json'), 'utf8').catch(() => undefined);
if (text === undefined) {
  await tell('GITHUB_STEP_SUMMARY', '# Plimsoll scan\n\nThe scan did not come to an end; the log says why.\n');
} else {
  const { findings } = JSON.parse(text) as Result;
  const summary = await readFile(join(folder, 'scan.md'));
  await tell('GITHUB_STEP_SUMMARY', summary.subarray(0, SUMMARY_MAX).toString('utf8'));
  const outputs = { sarif: join(folder, 'scan.sarif'), json: join(folder, 'scan.json'), findings: findings.length };
  await tell(
    'GITHUB_OUTPUT',
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const shown = findings
    .filter(({ severity }) => severity !== 'low' && severity !== 'medium')
    .slice(0, ANNOTATIONS_MAX);
  for (const one of shown) process.stdout.write(annotation(one));
}
process.exitCode = code;
