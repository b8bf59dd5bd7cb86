import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Enumeration } from '#domain/launch.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { publishableTool } from '#store/engine/publishable.ts';
import { type Assessor, verdictsOf } from './verdicts.ts';

/** What one visit brought, as far as tools are concerned. */
export interface Seen {
  readonly enumeration: Enumeration;
  readonly staticTools: readonly ToolDefinition[];
}

/** The tools of one visit with the rules' verdicts, as the catalogue would have them; nothing is stored. */
export function judged(seen: Seen | undefined, rules: Assessor, at: Date): readonly CatalogueTool[] {
  if (!seen) return [];
  const listed = seen.enumeration.outcome === 'listed';
  const said = listed ? seen.enumeration.tools : seen.staticTools;
  const tools = said.map(publishableTool);
  const names = tools.map((tool) => tool.name);
  const verdicts = verdictsOf(rules, tools, names, () => undefined);
  return tools.map((definition, number) => {
    const fingerprint = definitionFingerprint(said[number]!);
    return {
      definition,
      fingerprint,
      provenance: listed ? (seen.enumeration.provenance ?? 'listed') : 'static',
      firstSeen: at,
      lastSeen: at,
      assessment: {
        fingerprint,
        siblings: siblingsHash(names),
        rules: rules.rules,
        prompt: '',
        model: '',
        verdict: verdicts[number]!,
        assessedAt: at,
      },
    };
  });
}
