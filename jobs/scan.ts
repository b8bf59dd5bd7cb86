import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Missing, WrongUse } from '#core/errors.ts';
import { visibleJson, visibleLine } from '#core/visible.ts';
import type { Profile } from '#domain/policy.ts';
import { RISKS, type Risk } from '#domain/verdict.ts';
import type { Job } from '#job/job.ts';
import { oneOf, profile, sandbox } from '#job/options.ts';
import { showProgress } from '#job/progress.ts';
import { aroundHere } from '#job/scan/around.ts';
import { scanJson } from '#job/scan/json.ts';
import { scanMarkdown } from '#job/scan/markdown.ts';
import { writePolicies } from '#job/scan/policies.ts';
import type { Report } from '#job/scan/report.ts';
import { scanSarif } from '#job/scan/sarif.ts';
import { setupOf } from '#job/scan/setup.ts';
import { scanText } from '#job/scan/text.ts';
import { findingsOf, reaches } from '#pipeline/scan/findings.ts';
import { driftsOf, lockOf, lockText, readLock } from '#pipeline/scan/lock.ts';
import { ownOf, scan } from '#pipeline/scan/scan.ts';
import { loadClients } from '#setup/client.ts';
import { redactor } from '#setup/own.ts';

export default {
  id: 'scan',
  about: 'Look at the servers of your own clients, or of one command: what their tools can do, alone and together',
  args: [
    { name: '[path...]', about: 'configurations, or folders of workspaces; without any, all of yours that are found' },
  ],
  options: [
    {
      flags: '--with-credentials',
      about:
        'give servers of your own files, and of those named, your variables, headers and arguments, in the sandbox',
    },
    {
      flags: '--private',
      about: 'ask addresses of private networks that files of workspaces name, not only your own files',
    },
    { flags: '--client <client>', about: 'only this client; of files that are named: whose they are' },
    {
      flags: '--fail-on <risk>',
      about: 'exit 1 from this risk on, and where nothing is known',
      parse: oneOf('--fail-on', RISKS),
    },
    { flags: '--accept-unseen', about: 'a server whose tools cannot be listed does not count for --fail-on' },
    { flags: '--lock', about: 'write the lock file, which pins the definitions of all tools' },
    { flags: '--frozen', about: 'exit 1 where a server is not what the lock file pins, and show the difference' },
    { flags: '--lock-file <file>', about: 'where the lock file is', default: 'plimsoll.lock' },
    {
      flags: '--write',
      about: 'write the recommended policies into the files of their clients, a copy of each beside',
    },
    profile,
    { flags: '--sarif', about: 'print the result as SARIF 2.1.0' },
    { flags: '--markdown', about: 'print the result as Markdown' },
    { flags: '-o, --out <dir>', about: 'write scan.json, scan.sarif and scan.md into this folder as well' },
    sandbox,
  ],
  examples: [
    'npm run plimsoll -- scan',
    'npm run plimsoll -- scan .mcp.json --fail-on high',
    'npm run plimsoll -- scan -- npx -y @modelcontextprotocol/server-memory',
  ],
  async run(call) {
    const { options } = call;
    const forms = ['json', 'sarif', 'markdown'].filter((form) => options[form] === true);
    if (forms.length > 1) throw new WrongUse(`Take one of --${forms.join(', --')}; -o DIR writes all of them.`);
    if (options.lock && options.frozen)
      throw new WrongUse('--lock writes the lock file, --frozen holds it to be right: take one.');
    const around = aroundHere();
    const clients = await loadClients();
    const lockFile = options.lockFile as string;
    const lock = options.frozen ? readLock(await readLockFile(lockFile), lockFile) : undefined;
    const paths = call.args.slice(0, call.args.length - call.command.length);
    const setup = await setupOf(paths, call.command, clients, around, options.client as string | undefined);

    using progress = showProgress();
    const found = await scan(call, setup, clients, around, {
      consent: { credentials: options.withCredentials === true, private: options.private === true },
      progress,
      sandbox: options.sandbox as string | undefined,
    });
    const drifts = lock ? driftsOf(lock, found) : [];
    const report: Report = { scan: found, findings: findingsOf(found, drifts), drifts };
    if (options.lock) {
      await writeFile(lockFile, lockText(lockOf(found)));
      call.say(`Written: ${lockFile}`);
    }
    const folder = options.out as string | undefined;
    if (folder !== undefined) await writeReports(report, folder, around.workspace);
    call.out(printed(report, forms[0], around.workspace));

    const written = await writePolicies(found, clients, around, {
      profile: options.profile as Profile,
      write: options.write === true,
      now: call.now(),
      redact: redactor(ownOf(setup, around)),
      say: (text) => call.say(text),
    });
    const risk = options.failOn as Risk | undefined;
    const counted = report.findings.filter(({ kind }) => !(kind === 'unseen' && options.acceptUnseen));
    const isOver = risk !== undefined && counted.some((one) => reaches(one, risk));
    return isOver || drifts.length > 0 || found.broken.length > 0 || !written ? 1 : undefined;
  },
} satisfies Job;

function printed(report: Report, form: string | undefined, root: string): string {
  if (form === 'json') return `${visibleJson(scanJson(report))}\n`;
  if (form === 'sarif') return `${visibleJson(scanSarif(report, root))}\n`;
  return form === 'markdown' ? scanMarkdown(report) : scanText(report);
}

async function writeReports(report: Report, folder: string, root: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [form, file] of [
    ['json', 'scan.json'],
    ['sarif', 'scan.sarif'],
    ['markdown', 'scan.md'],
  ] as const)
    await writeFile(join(folder, file), printed(report, form, root));
}

async function readLockFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Missing(
      `${visibleLine(file)} cannot be read (${(error as NodeJS.ErrnoException).code}); scan --lock writes one.`,
    );
  }
}
