import { createTwoFilesPatch } from 'diff';
import type { ToolDefinition } from '#domain/tool.ts';

/** Lines that may differ; beyond that telling them apart takes time that grows with their square. */
const MOST = 2_000;

/** How one definition differs from another, as a unified diff of their JSON; undefined where nearly everything does. */
export function definitionDiff(before: ToolDefinition, after: ToolDefinition): string | undefined {
  const text = (one: ToolDefinition) => `${JSON.stringify(one, null, 2)}\n`;
  return createTwoFilesPatch('before', 'after', text(before), text(after), undefined, undefined, {
    context: 3,
    maxEditLength: MOST,
  });
}
