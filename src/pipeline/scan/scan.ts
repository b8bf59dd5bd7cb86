import PQueue from 'p-queue';
import { visibleLine } from '#core/visible.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { loadResolvers } from '#launch/launch.ts';
import { combinationsAcross } from '#recommend/across.ts';
import type { Client } from '#setup/client.ts';
import type { Entry } from '#setup/entry.ts';
import type { Setup } from '#setup/gather.ts';
import { ownValues, redactAll, redactor } from '#setup/own.ts';
import type { Around } from '#setup/places.ts';
import { launchesAtOnce, type Surroundings } from '#world.ts';
import { loadRules } from '../corrected.ts';
import { NO_SANDBOX } from '../enumerate.ts';
import { installing } from '../installing.ts';
import { judged } from '../judged.ts';
import type { Progress } from '../progress.ts';
import type { Assessor } from '../verdicts.ts';
import { comparing } from './comparing.ts';
import { type Looked, type Looking, look } from './look.ts';
import { type Consent, type Plan, planOf, shownPath } from './plan.ts';
import type { Scan, ScannedServer } from './scanned.ts';

export interface ScanOptions {
  readonly consent: Consent;
  readonly progress: Progress;
  readonly sandbox?: string | undefined;
  readonly guard?: Looking['guard'];
}

/** An entry, what it comes to, and what must not be told of it. */
interface Planned {
  readonly entry: Entry;
  readonly id: string;
  readonly place: string;
  readonly plan: Plan;
  readonly redact: (text: string) => string;
}

/** All values of all entries that are their user's own, by name: what no output of a scan may hold. */
export function ownOf({ entries }: Setup, around: Around): ReadonlyMap<string, string> {
  const values = { env: around.env, home: around.home, workspace: around.workspace };
  return new Map(entries.flatMap((entry) => [...ownValues(entry, values)]));
}

/**
 * Looks at every server of a setup: says what will run, starts each in the sandbox or asks it where it runs elsewhere,
 * judges its tools, and finds what those of one client can do together. Stores nothing. Servers that are the same in
 * every respect are looked at once.
 */
export async function scan(
  world: Surroundings,
  setup: Setup,
  clients: readonly Client[],
  around: Around,
  options: ScanOptions,
): Promise<Scan> {
  const began = performance.now();
  const { settings, now } = world;
  const { progress, consent } = options;
  const warnings: string[] = [];
  const redact = redactor(ownOf(setup, around));
  const planned = identified(setup.entries, around).map(({ entry, id, place }): Planned => {
    return { entry, id: redact(id), place, plan: planOf(entry, around, consentFor(entry, consent)), redact };
  });
  const open = planned.filter(({ entry }) => !entry.disabled);
  const looking = await prepare(world, around, options, warnings, open.length > 0);
  announce(open, consent, looking.sandbox?.id ?? 'none', progress);

  const rules = await loadRules();
  const queue = new PQueue({ concurrency: launchesAtOnce(settings) });
  const looked = new Map<string, Promise<Looked>>();
  let done = 0;
  const servers = await Promise.all(
    planned.map(async (one): Promise<[ScannedServer, Plan]> => {
      if (one.entry.disabled) return [disabled(one, now()), one.plan];
      const { names: _, notes: __, ...deciding } = one.plan;
      const key = JSON.stringify(deciding);
      const known = looked.get(key) ?? queue.add(() => look(one.plan, looking));
      looked.set(key, known);
      const found = await known;
      progress.report('scan', ++done, open.length, visibleLine(one.entry.name));
      return [scanned(one, found, rules, now()), one.plan];
    }),
  );
  const compared = await comparing(world, servers, warnings);
  return {
    clients: clients.flatMap(({ id, title }) => {
      const own = compared.filter(({ entry }) => entry.client === id);
      const combinations = combinationsAcross(own.map(({ server }) => server));
      return own.length > 0 ? [{ client: id, title, servers: own, combinations }] : [];
    }),
    files: setup.files,
    broken: setup.broken.map((one) => ({ ...one, why: redact(one.why), place: shownPath(one.file, around) })),
    sandbox: looking.sandbox?.id ?? 'none',
    warnings: warnings.map(redact),
    seconds: (performance.now() - began) / 1000,
  };
}

/** Entries by ids that stay: two of one name in one file, which only a broken file can have, are told apart by number. */
function identified(entries: readonly Entry[], around: Around) {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const place = shownPath(entry.file, around);
    const project = entry.project === undefined ? '' : `#${shownPath(entry.project, around)}`;
    const id = `${entry.client}:${place}${project}:${entry.name}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return { entry, place, id: times > 1 ? `${id}#${times}` : id };
  });
}

async function prepare(
  world: Surroundings,
  around: Around,
  options: ScanOptions,
  warnings: string[],
  isNeeded: boolean,
): Promise<Looking> {
  const { settings, stop, blocked } = world;
  const stage = await stageFolder(settings.home);
  const wanted = isNeeded ? (options.sandbox ?? settings.sandbox) : 'none';
  const { sandbox, reports } = await chooseSandbox(wanted, { stage, settings });
  if (!sandbox && isNeeded) {
    warnings.push(NO_SANDBOX);
    for (const { title, reason } of reports) warnings.push(`${title}: ${visibleLine(reason ?? 'not usable')}`);
  }
  const { home, env } = around;
  return {
    ...{ settings, stop, blocked, sandbox, home },
    path: env.PATH ?? env.Path ?? '',
    resolvers: await loadResolvers(),
    installing: await installing(settings, stage),
    ...(options.guard && { guard: options.guard }),
  };
}

const WORKSPACE = 'it came with the workspace and is given nothing of yours; name its file to give it';

/**
 * What came with a workspace may be a stranger's, and could ask for any variable to be sent anywhere: it is given nothing
 * of the user's own but where its file was named by hand.
 */
function consentFor({ scope }: Entry, consent: Consent): Consent {
  return { ...consent, credentials: consent.credentials && scope !== 'workspace' };
}

/** Says what will run, in which sandbox, and which of the user's own it is given, by name. */
function announce(open: readonly Planned[], consent: Consent, sandbox: string, progress: Progress): void {
  for (const { entry, plan, id, redact } of open) {
    const { credentials } = consentFor(entry, consent);
    const { way, runs, names, missing, notes } = plan;
    if (way.kind === 'unknown') continue;
    const how = way.kind === 'remote' ? 'Asks' : sandbox === 'none' ? 'Reads' : `Runs in the sandbox '${sandbox}'`;
    const given = names.filter((name) => !missing.includes(name));
    const own = credentials && given.length > 0 ? ` with your ${given.join(', ')}` : '';
    const lacks = missing.length > 0 ? `, without ${missing.join(', ')}, which have no value here` : '';
    const kept = consent.credentials && !credentials && names.length > 0 ? [WORKSPACE] : [];
    const more = notes.length + kept.length > 0 ? ` (${[...notes, ...kept].join('; ')})` : '';
    progress.say(visibleLine(redact(`${how}: ${runs}${own}${lacks}${more}, for ${id}`)));
  }
}

function base({ entry, id, place, plan, redact }: Planned, at: Date, redactedName = redact(entry.name)) {
  const { client, file, scope, project, line, column } = entry;
  const { way } = plan;
  const server: CatalogueServer = {
    ...{ id, slug: id, name: redactedName, packages: [], remotes: [] },
    ...{ firstSeen: at, lastSeen: at, sources: [], tools: [] },
  };
  return {
    id,
    entry: { client, file, scope, name: redactedName, line, column, ...(project !== undefined && { project }) },
    place,
    runs: redact(plan.runs),
    notes: plan.notes.map(redact),
    ...(way.kind === 'package' && { pinned: way.pinned }),
    server,
  };
}

function disabled(one: Planned, at: Date): ScannedServer {
  return { ...base(one, at), outcome: 'disabled', wants: [] };
}

function scanned(one: Planned, found: Looked, rules: Assessor, at: Date): ScannedServer {
  // What a server was given it may say again.
  const { enumeration, staticTools } = redactAll({ ...found, artefact: undefined }, one.redact);
  const tools = judged({ enumeration, staticTools }, rules, at);
  const { tools: _, ...visit } = enumeration;
  const { outcome, reason, detail, wants } = enumeration;
  const { server, ...rest } = base(one, at);
  const { artefact } = found;
  return {
    ...rest,
    outcome,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
    wants: [...new Set([...wants, ...(outcome === 'listed' ? [] : one.plan.missing)])],
    server: { ...server, visit: { ...visit, at, ...(artefact && { artefact }) }, tools },
  };
}
