import { visible, visibleJson, visibleLine } from '#core/visible.ts';
import { egressOf, peakMemoryOf, type Visit } from '#domain/catalogue.ts';
import type { Inspection } from '#pipeline/inspect.ts';
import type { Origin } from '#pipeline/origin.ts';
import { recommend } from '#recommend/recommend.ts';

/** What else a visit brought, a line each. */
function facts(visit: Visit): readonly string[] {
  const peak = peakMemoryOf(visit);
  const counts = [
    visit.tokens !== undefined && `${visit.tokens} tokens for the tool list`,
    visit.prompts?.length && `${visit.prompts.length} prompts`,
    visit.resources?.length && `${visit.resources.length} resources`,
    peak !== undefined && `${Math.round(peak / 2 ** 20)} MiB of memory at most`,
  ].filter(Boolean);
  const places = egressOf(visit).map(({ host, port }) => (port === undefined ? host : `${host}:${port}`));
  const gates = (visit.gates ?? []).map(
    ({ tool, env, args, hides }) => `${tool} (${hides ? 'hidden by ' : ''}${[...env, ...args].join(' ')})`,
  );
  return [
    ...(counts.length > 0 ? [`  costs     ${counts.join(', ')}`] : []),
    ...(places.length > 0 ? [`  reached   for ${visibleLine(places.join(', '))}; it had no network`] : []),
    ...(gates.length > 0 ? [`  gated     ${visibleLine(gates.join(', '))}`] : []),
  ];
}

/** Why it is one server: who lists it, what links the listings, what it was merged with, what it is like. */
function identity({ id, slug, listings, links, merges, related }: Origin): string[] {
  return [
    `  catalogue ${visibleLine(`${id}, as ${slug}`)}`,
    ...listings.map((one) => `  listing   ${visibleLine(one)}`),
    ...links.map(({ address, between: [a, b] }) => `  link      ${visibleLine(`${address} is in ${a} and in ${b}`)}`),
    ...merges.map(({ winner, loser, address, source, listing, at }) => {
      const where = source === null ? '' : ` in ${source} ${listing}`;
      return `  merge     ${visibleLine(`${loser} into ${winner} by ${address}${where}, ${at.toISOString().slice(0, 10)}`)}`;
    }),
    ...related.map(
      ({ kind, server, because }) =>
        `  related   ${visibleLine(`${kind}${server ? ` ${server.slug}` : ''}: ${because}`)}`,
    ),
  ];
}

/** An inspection for a person: every decision with what it rests on. */
export function inspectionText({ server, reached, unavailable, sandbox, origin }: Inspection): string {
  const lines: string[] = [visibleLine(server.id), ...(origin ? identity(origin) : [])];
  if (!reached) return `${lines.join('\n')}\nNot launched: ${visibleLine(unavailable ?? '')}\n`;
  const { artefact, launch, enumeration } = reached;
  lines.push(`  package   ${visibleLine(`${artefact.name}@${artefact.version}  ${artefact.integrity}`)}`);
  const { unheld } = enumeration.attempts[0]?.context ?? {};
  const open = unheld ? `, which does not hold ${unheld.join(', ')}` : '';
  if (launch)
    lines.push(`  program   ${visibleLine([launch.entry, ...launch.args].join(' '))}  (sandbox: ${sandbox}${open})`);
  for (const one of enumeration.attempts) {
    const { envNames, args, aids = [] } = one.context;
    const with_ = [...envNames, ...args, ...aids.map((aid) => `+${aid}`)].join(' ');
    const ending =
      one.outcome === 'listed'
        ? `${one.toolCount} tools, protocol ${one.protocolVersion}`
        : `${one.phase}: ${one.reason}`;
    lines.push(
      `  attempt   ${one.rung} ${visibleLine(with_ && `(${with_}) `)}→ ${visibleLine(ending)}, ${Math.round(one.ms)} ms`,
    );
  }
  lines.push(`  outcome   ${enumeration.outcome}${enumeration.detail ? `: ${visibleLine(enumeration.detail)}` : ''}`);
  if (server.visit) lines.push(...facts(server.visit));
  for (const { name, reason } of enumeration.rejections)
    lines.push(`  rejected  ${visibleLine(name ?? '?')}: ${visibleLine(reason)}`);
  for (const { definition, provenance, assessment } of server.tools) {
    const { category, risk, confidence, evidence } = assessment!.verdict;
    const mark = provenance === 'listed' ? '' : ` [${provenance}]`;
    lines.push(
      '',
      `${visibleLine(definition.name)}${mark}  ${category}, ${risk} risk, ${Math.round(confidence * 100)} % sure`,
    );
    for (const { signal, says, weight, because, quote } of evidence)
      lines.push(
        `  ${says.padEnd(12)} ${weight.toFixed(2)}  ${visibleLine(because)}  «${visibleLine(quote.text)}» ${visibleLine(quote.field)}  [${signal}]`,
      );
  }
  if (server.tools.length > 0)
    lines.push('', 'Recommended policy:', visible(visibleJson(recommend(server, 'recommended'))));
  return `${lines.join('\n')}\n`;
}
