import { type Contradiction, contradictions } from '#classify/annotations.ts';
import type { AnnotatedTool } from '#domain/catalogue.ts';

/** A contradiction with the tool that it is about. */
export interface Contradicted {
  readonly server: Pick<AnnotatedTool['server'], 'id' | 'slug' | 'name'> & { readonly title?: string };
  readonly contradiction: Contradiction;
}

/** What of its authors' annotations each tool's verdict contradicts, one entry a hint. */
export function contradicted(tools: readonly AnnotatedTool[]): readonly Contradicted[] {
  return tools.flatMap(({ server, definition, verdict }) =>
    contradictions(definition, verdict).map((contradiction) => ({ server, contradiction })),
  );
}
