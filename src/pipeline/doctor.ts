import { SETTINGS } from '#config.ts';
import { openHttp } from '#core/http.ts';
import { chooseSandbox, type SandboxReport } from '#enumerate/choose.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { type Finding, well, wrong } from '#observe/health/finding.ts';
import { diskFinding } from '#observe/health/machine.ts';
import type { DeadJob } from '#queue/queue.ts';
import type { SourceState } from '#store/listing/sources.ts';
import type { Surroundings } from '#world.ts';
import { loadSources, unmetNeeds } from './discover.ts';
import { examineDatabase } from './examine-database.ts';
import { INSTALLS_OUTSIDE, installing } from './installing.ts';
import { userAgent } from './user-agent.ts';

export interface Examination {
  readonly findings: readonly Finding[];
  readonly sandboxes: readonly SandboxReport[];
  readonly dead: readonly DeadJob[];
}

/** Looks at everything a crawl needs, changes nothing, and never shows a secret's value. */
export async function examine(
  around: Surroundings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Examination> {
  const { settings } = around;
  const { findings: kept, dead, passes } = await examineDatabase(around);
  const stage = await stageFolder(settings.home);
  const { reports } = await chooseSandbox('auto', { stage, settings, every: true });
  const usable = reports.find((one) => one.usable);
  const findings: Finding[] = [
    runtime(),
    ...kept,
    await diskFinding(settings),
    usable
      ? well('sandbox', `${usable.id} is the strongest that passes its self-test`)
      : wrong('sandbox', 'none passes its self-test: nothing is launched, tools are read from source', {
          advice: 'Or run npm ci with optional dependencies, for Deno. What each lacks stands below.',
          command: 'apt-get install bubblewrap',
        }),
    await installs(settings, stage),
    ...(await examineSources(around, passes)),
    ...tokens(env),
  ];
  return { findings, sandboxes: reports, dead };
}

async function installs(settings: Surroundings['settings'], stage: string): Promise<Finding> {
  const apart = (await installing(settings, stage)).confine !== undefined;
  return {
    what: 'installing',
    ok: apart,
    needed: false,
    found: apart
      ? 'in a sandbox of its own, which reaches the registry of the package and nothing else'
      : INSTALLS_OUTSIDE,
    ...(!apart && { advice: 'Install bubblewrap (apt-get install bubblewrap).' }),
  };
}

function runtime(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  return {
    what: 'runtime',
    ok: major >= 24,
    needed: true,
    found: `Node ${process.versions.node} on ${process.platform} ${process.arch}, uid ${process.getuid?.() ?? '?'}`,
    ...(major < 24 && { advice: 'Start it through npm run, which uses the Node 24 that npm ci installed.' }),
  };
}

/** Asks each source for one listing, as a crawl would. */
async function examineSources(
  { settings, stop }: Surroundings,
  passes: readonly SourceState[],
): Promise<readonly Finding[]> {
  await using http = openHttp({ userAgent: userAgent(settings), limits: { retries: 0 } });
  const sources = (await loadSources()).filter(({ id }) => id !== 'from');
  return await Promise.all(
    sources.map(async (source) => {
      const base = { what: `source ${source.id}`, needed: false };
      const open = unmetNeeds(source, settings);
      if (open.length > 0) return { ...base, ok: true, found: `not asked without ${open.join(' and ')}` };
      try {
        for await (const _ of source.discover({ http, settings, stop, limit: 1 })) break;
        const last = passes.find(({ id }) => id === source.id);
        if (!last?.error) return { ...base, ok: true, found: 'answers' };
        const found = `answers, but the last pass did not come through: ${last.error}`;
        const advice = `What it listed before holds; the last good pass was ${last.lastGood?.toISOString() ?? 'never'}.`;
        return { ...base, ok: false, found, advice };
      } catch (error) {
        return { ...base, ok: false, found: (error as Error).message, advice: 'A crawl goes on without it.' };
      }
    }),
  );
}

/** Whether credentials are set; their values are nobody's business. */
function tokens(env: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  return Object.values(SETTINGS)
    .filter((one) => one.secret)
    .map(({ env: name }) => ({ what: name, ok: true, needed: false, found: env[name] ? 'present' : 'absent' }));
}
