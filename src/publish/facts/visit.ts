import { type CatalogueServer, egressOf, peakMemoryOf, type Visit } from '#domain/catalogue.ts';
import type { Outcome } from '#domain/launch.ts';
import { type Html, html } from '../markup/html.ts';
import { code, count, day, fact, words } from '../markup/parts.ts';

/** Outcomes in words; `unvisited` for a server that nobody has started yet. */
export const OUTCOME_TITLES: Readonly<Record<Outcome | 'unvisited', string>> = {
  listed: 'Listed its tools',
  'wants-credentials': 'Wants credentials first',
  refused: 'Not started, on purpose',
  failed: 'Did not list',
  unvisited: 'Not visited yet',
};

/** Names in a fact; a server may have thousands. */
const SHOWN = 12;

/** What was put beside a server, in words. */
const HELP: Readonly<Record<string, string>> = {
  'network-stub': 'a network that was made up and answered with nothing',
  'sdk-hook': 'a call of its own handler in its process',
  'resolve-fix': 'modules found for it, and native parts stood in for',
  'http-bridge': 'its HTTP server, asked inside the sandbox',
  'fake-file': 'an invented file of credentials',
};

/** What came of the last visit, as facts of a list. Names of variables only; values are never stored. */
export function visitFacts(server: CatalogueServer): Html {
  const { visit } = server;
  if (!visit) return html`${fact('Last visit', OUTCOME_TITLES.unvisited)}`;
  return html`${fact('Last visit', html`${day(visit.at)}: ${OUTCOME_TITLES[visit.outcome]}`)}
${fact('Reason', visit.outcome === 'listed' ? undefined : reasonOf(visit))}
${fact('Gone', visit.gone && 'nothing of it has been there for weeks; it is looked at again when a listing of it changes')}
${fact('Last listed', visit.outcome !== 'listed' && server.listedAt ? day(server.listedAt) : undefined)}
${fact('Asks for', visit.wants.length > 0 ? list(visit.wants) : undefined)}
${fact('Package', visit.artefact && code(`${visit.artefact.name}@${visit.artefact.version}`))}
${fact('Integrity', visit.artefact && code(visit.artefact.integrity))}
${fact('Licence', visit.artefact?.license && words(visit.artefact.license))}
${fact('Protocol', visit.protocolVersion && code(visit.protocolVersion))}
${fact('Asked at', visit.remote === undefined ? undefined : code(visit.remote))}
${fact('Sandbox', visit.remote === undefined && visit.context ? code(visit.context.sandbox) : undefined)}
${fact('Not held by it', visit.context?.unheld && list(visit.context.unheld))}
${fact('Started with', visit.remote === undefined && visit.context ? startedWith(visit.context) : undefined)}
${fact('Helped by', visit.context?.aids && html`${visit.context.aids.map((aid, at) => html`${at > 0 ? '; ' : ''}${HELP[aid] ?? words(aid)}`)}`)}
${fact('Scopes advertised', visit.authorization && visit.authorization.scopes.length > 0 ? list(visit.authorization.scopes.slice(0, SHOWN)) : undefined)}
${fact('Tool list costs', visit.tokens === undefined ? undefined : html`${visit.tokens.toLocaleString('en')} tokens`)}
${fact('Prompts', visit.prompts && visit.prompts.length > 0 ? String(visit.prompts.length) : undefined)}
${fact('Resources', visit.resources && visit.resources.length > 0 ? String(visit.resources.length) : undefined)}
${fact('Shows more with', gated(visit))}
${fact('Wanted to reach', reached(visit))}
${fact('Memory at most', memory(visit))}
${fact('Left out', visit.rejections.length > 0 ? rejected(visit) : undefined)}`;
}

function reasonOf(visit: Visit): Html | undefined {
  const what = visit.detail ?? visit.reason;
  if (what === undefined) return undefined;
  return html`${words(what)}${visit.phase ? ` (at: ${visit.phase})` : ''}`;
}

function startedWith(context: {
  readonly args: readonly string[];
  readonly envNames: readonly string[];
}): Html | string {
  if (context.args.length === 0 && context.envNames.length === 0) return 'no arguments, empty environment';
  return html`${context.args.length > 0 ? html`arguments ${list(context.args)} ` : ''}${
    context.envNames.length > 0 ? html`invented values for ${list(context.envNames)}` : ''
  }`;
}

function rejected(visit: Visit): Html {
  return html`${count(visit.rejections.length, 'malformed tool')}: ${visit.rejections
    .slice(0, 5)
    .map(
      ({ index, name, reason }, at) =>
        html`${at > 0 ? '; ' : ''}${name === undefined ? `no. ${index + 1}` : code(name)} (${words(reason)})`,
    )}${visit.rejections.length > 5 ? '; …' : ''}`;
}

function gated(visit: Visit): Html | undefined {
  const gates = (visit.gates ?? []).filter(({ hides }) => !hides);
  if (gates.length === 0) return undefined;
  const names = [...new Set(gates.flatMap(({ env, args }) => [...env, ...args]))];
  return html`${count(gates.length, 'tool')}, with ${list(names.slice(0, SHOWN))}${names.length > SHOWN ? ', …' : ''}`;
}

function reached(visit: Visit): Html | undefined {
  const places = egressOf(visit).map(({ host, port }) => (port === undefined ? host : `${host}:${port}`));
  return places.length === 0
    ? undefined
    : html`${list(places.slice(0, SHOWN))}${places.length > SHOWN ? ', …' : ''} (it had no network)`;
}

function memory(visit: Visit): string | undefined {
  const bytes = peakMemoryOf(visit);
  return bytes === undefined ? undefined : `${Math.round(bytes / 2 ** 20)} MiB`;
}

function list(texts: readonly string[]): Html {
  return html`${texts.map((text, at) => html`${at > 0 ? ', ' : ''}${code(text)}`)}`;
}
