import { visible, visibleJson, visibleLine } from '#core/visible.ts';
import type { Inspection } from '#pipeline/inspect.ts';
import { recommend } from '#recommend/recommend.ts';

/** An inspection for a person: every decision with what it rests on. */
export function inspectionText({ server, reached, unavailable, sandbox }: Inspection): string {
  const lines: string[] = [visibleLine(server.id)];
  if (!reached) return `${lines[0]}\nNot launched: ${visibleLine(unavailable ?? '')}\n`;
  const { artefact, launch, enumeration } = reached;
  lines.push(`  package   ${visibleLine(`${artefact.name}@${artefact.version}  ${artefact.integrity}`)}`);
  if (launch) lines.push(`  program   ${visibleLine([launch.entry, ...launch.args].join(' '))}  (sandbox: ${sandbox})`);
  for (const one of enumeration.attempts) {
    const with_ = [...one.context.envNames, ...one.context.args].join(' ');
    const ending =
      one.outcome === 'listed'
        ? `${one.toolCount} tools, protocol ${one.protocolVersion}`
        : `${one.phase}: ${one.reason}`;
    lines.push(
      `  attempt   ${one.rung} ${visibleLine(with_ && `(${with_}) `)}→ ${visibleLine(ending)}, ${Math.round(one.ms)} ms`,
    );
  }
  lines.push(`  outcome   ${enumeration.outcome}${enumeration.detail ? `: ${visibleLine(enumeration.detail)}` : ''}`);
  for (const { name, reason } of enumeration.rejections)
    lines.push(`  rejected  ${visibleLine(name ?? '?')}: ${visibleLine(reason)}`);
  for (const { definition, provenance, assessment } of server.tools) {
    const { category, risk, confidence, evidence } = assessment!.verdict;
    const mark = provenance === 'static' ? ' [static]' : '';
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
