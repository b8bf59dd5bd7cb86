import type { ToolDefinition } from '#domain/tool.ts';
import { DEFINITION_FIELDS } from '#domain/tool.ts';

const NAMES: Readonly<Record<(typeof DEFINITION_FIELDS)[number], string>> = {
  name: 'its name',
  title: 'its title',
  description: 'its description',
  inputSchema: 'its arguments',
  outputSchema: 'what it returns',
  annotations: 'its annotations',
};

/** Which parts of a definition differ, in words. */
export function changedFields(before: ToolDefinition | undefined, after: ToolDefinition | undefined): string {
  if (!before || !after) return 'its definition';
  const differing = DEFINITION_FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return differing.map((field) => NAMES[field]).join(', ') || 'its definition';
}
