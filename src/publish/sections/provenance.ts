import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type { Provenance } from '#domain/tool.ts';
import { visitOf } from '#recommend/questions.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code, day, fact, words } from '../markup/parts.ts';
import { changedFields } from './changes.ts';

const HOW: Readonly<Record<Provenance, string>> = {
  listed: 'Listed by the running server',
  hook: 'Told by the handler of the server, called in its process in a sandbox; the server did not come to answer',
  static: "Read from the package's source; not listed by a running server",
};

// What is known of a server's visit is the same for all its tools that are known in one way.
const visits = new WeakMap<CatalogueServer, Map<Provenance, Html>>();

function visited(server: CatalogueServer, tool: CatalogueTool): Html {
  const ways = visits.get(server) ?? new Map<Provenance, Html>();
  visits.set(server, ways);
  const known = ways.get(tool.provenance) ?? visitFacts(server, tool);
  ways.set(tool.provenance, known);
  return known;
}

function visitFacts(server: CatalogueServer, tool: CatalogueTool): Html {
  const visit = visitOf(server, tool);
  const artefact = visit?.artefact;
  return html`${fact('Server', words(server.name))}
${fact('Package', artefact && code(`${artefact.name}@${artefact.version}`))}
${fact('Published', artefact?.publishedAt?.slice(0, 10))}
${fact('Integrity', artefact && code(artefact.integrity))}
${fact('Commit', artefact?.commit && code(artefact.commit))}
${fact('Whose words', artefact?.license ? html`The description is its author’s; the package is under ${words(artefact.license)}.` : 'The description is its author’s; the licence of the package is not known.')}
${fact('How', HOW[tool.provenance])}
${fact('Asked at', visit?.remote === undefined ? undefined : code(visit.remote))}
${fact('Protocol', tool.provenance !== 'static' && visit?.protocolVersion ? code(visit.protocolVersion) : undefined)}`;
}

/** How all that is known: which package, in which version, listed how and when, judged by which rules. */
export function provenance(server: CatalogueServer, tool: CatalogueTool): Html {
  const { assessment } = tool;
  return html`<section class="card"><h2>Where this comes from</h2><dl class="facts">
${visited(server, tool)}
${fact('Last seen', day(tool.lastSeen))}
${fact('Fingerprint', code(tool.fingerprint.slice(0, 16)))}
${fact('Assessed', assessment && day(assessment.assessedAt))}
${fact('Confidence', assessment && `${percent(assessment.verdict.confidence)} in the category`)}
${fact('Rules', assessment && code(assessment.rules.slice(0, 16)))}
${fact('Judge', assessment?.model ? words(assessment.model) : undefined)}
</dl></section>`;
}

/** Since when the definition is what it is, what it was before and what it was found to be, newest first. */
export function history(tool: CatalogueTool, changes: readonly Change[]): Html {
  const told = [
    { at: tool.firstSeen, what: html`this definition seen first` },
    ...(tool.earlier ?? []).map(({ category, risk, until }) => ({
      at: until,
      what: html`judged anew; before, it was ${category} at ${risk} risk`,
    })),
    ...changes
      .filter((change) => change.tool === tool.definition.name && change.kind !== 'not-shown')
      .map(({ at, kind, before, after, versions }) => ({
        at,
        what: html`${kind === 'changed' ? `changed in ${changedFields(before, after)}` : kind === 'went' ? 'gone' : 'appeared'}${versions.after !== undefined && html`, with version ${code(versions.after)}`}`,
      })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  return html`<section class="card" id="history"><h2>History</h2><ul class="history">${told.map(({ at, what }) => html`<li>${day(at)}: ${what}</li>`)}</ul></section>`;
}

/** Where to say that the verdict is wrong; nothing where the operator names no such place. */
export function dispute(slug: string, { definition, assessment }: CatalogueTool, links: Links): Html | undefined {
  if (!assessment || !links.dispute) return undefined;
  return html`<p class="dispute"><a href="${links.dispute(slug, definition.name)}">Dispute this verdict</a></p>`;
}

/** A share in per cent; what is not wholly certain never reads 100. */
function percent(share: number): string {
  return share > 0.99 ? 'over 99 %' : `${Math.round(share * 100)} %`;
}
