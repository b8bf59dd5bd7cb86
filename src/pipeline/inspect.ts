import { whyBlocked } from '#core/blocked.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { parsePurl, parseSpec } from '#core/purl.ts';
import { visibleLine } from '#core/visible.ts';
import { type CatalogueServer, egressOf, peakMemoryOf } from '#domain/catalogue.ts';
import type { PackageRef } from '#domain/server.ts';
import { chooseSandbox } from '#enumerate/choose.ts';
import { stageFolder } from '#enumerate/stage.ts';
import { loadResolvers, resolverFor } from '#launch/launch.ts';
import { isUnavailable } from '#launch/resolver.ts';
import { recommend } from '#recommend/recommend.ts';
import { publishableVisit } from '#store/engine/publishable.ts';
import type { Surroundings } from '#world.ts';
import { loadRules } from './corrected.ts';
import { installing } from './installing.ts';
import { judged } from './judged.ts';
import { type Origin, originIn } from './origin.ts';
import { ended, type Reached, reach } from './reach.ts';

/** One server end to end, nothing stored: what was launched, what it listed, what each tool was judged, the policy. */
export interface Inspection {
  readonly server: CatalogueServer;
  readonly reached: Reached | undefined;
  /** Why nothing could be launched at all. */
  readonly unavailable: string | undefined;
  readonly sandbox: string;
  /** What the catalogue knows of it, where there is one. */
  readonly origin: Origin | undefined;
}

/** The kinds of package that are named by a spec and can be installed. */
const KINDS = ['npm', 'pypi'];

/** The package that a spec names. Throws `WrongUse` with the forms that are taken. */
export function packageOf(spec: string): PackageRef {
  const parsed = parseSpec(spec);
  if (!parsed || !KINDS.includes(parsePurl(parsed.purl)?.type ?? ''))
    throw new WrongUse(
      `'${spec}' is not a package. Write npm:NAME or pypi:NAME, with @VERSION where you want one, as in npm:@modelcontextprotocol/server-memory.`,
    );
  return parsed;
}

/** Inspects the server that a package holds. Throws `Missing` where no sandbox is to be had. */
export async function inspect(
  around: Pick<Surroundings, 'settings' | 'stop' | 'now' | 'blocked'>,
  spec: string,
  options: { readonly sandbox?: string | undefined },
): Promise<Inspection> {
  const { settings, stop } = around;
  const ref = packageOf(spec);
  const blocked = whyBlocked(around.blocked, [`purl:${ref.purl}`]);
  if (blocked !== undefined) throw new WrongUse(`${visibleLine(spec)} is not launched. ${blocked}`);
  const resolver = resolverFor(ref.purl, await loadResolvers())!;
  const stage = await stageFolder(settings.home);
  const wanted = options.sandbox ?? settings.sandbox;
  const { sandbox, reports } = await chooseSandbox(wanted, { stage, settings });
  if (!sandbox && wanted !== 'none')
    throw new Missing(
      `No sandbox can be used: ${reports.map((one) => `${one.title}: ${one.reason}`).join('; ')}. --sandbox none reads the source instead.`,
    );
  const context = await installing(settings, stage);
  const artefact = await resolver.current(ref, { ...context, signal: stop });
  stop.throwIfAborted();
  const reached = isUnavailable(artefact)
    ? undefined
    : await reach(artefact, ref, resolver, { ...context, sandbox, stop });
  const { tools: _, ...visit } = publishableVisit(reached?.enumeration ?? ended('resolve', 'not-found', ''));
  const { name, type } = parsePurl(ref.purl)!;
  const at = around.now();
  const server: CatalogueServer = {
    id: `${type}:${name}`,
    slug: name,
    name,
    packages: [ref],
    remotes: [],
    firstSeen: at,
    lastSeen: at,
    sources: [],
    visit: { ...visit, at, ...(!isUnavailable(artefact) && { artefact }) },
    tools: judged(reached, await loadRules(), at),
  };
  return {
    server,
    reached,
    unavailable: isUnavailable(artefact) ? artefact.detail : undefined,
    sandbox: sandbox?.id ?? 'none',
    origin: await originIn(around, `npm:${name}`),
  };
}

/** An inspection as `--json` prints it. */
export function inspectionJson({ server, reached, unavailable, sandbox, origin }: Inspection): object {
  const found = reached && publishableVisit(reached.enumeration);
  const { tree: _, ...launch } = reached?.launch ?? { tree: '' };
  return {
    server: server.id,
    origin: origin ?? null,
    launch: reached ? { ...launch, artefact: reached.artefact, sandbox, context: found?.context ?? null } : null,
    outcome: found?.outcome ?? 'failed',
    phase: found?.phase ?? (unavailable === undefined ? null : 'resolve'),
    reason: found?.detail ?? found?.reason ?? unavailable ?? null,
    wants: found?.wants ?? [],
    protocolVersion: found?.protocolVersion ?? null,
    tokens: found?.tokens ?? null,
    prompts: found?.prompts ?? [],
    resources: found?.resources ?? [],
    gates: found?.gates ?? [],
    egress: server.visit ? egressOf(server.visit) : [],
    peakMemory: (server.visit && peakMemoryOf(server.visit)) ?? null,
    attempts: found?.attempts ?? [],
    rejections: found?.rejections ?? [],
    tools: server.tools.map(({ definition, provenance, fingerprint, assessment }) => ({
      ...definition,
      provenance,
      fingerprint,
      verdict: assessment!.verdict,
    })),
    policy: server.tools.length > 0 ? recommend(server, 'recommended') : null,
  };
}
