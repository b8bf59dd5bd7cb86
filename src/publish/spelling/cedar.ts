import type { Decision } from '../formats/downgrade.ts';
import { remarks } from '../formats/prepare.ts';

const SPECIAL = /["\\]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A Cedar string literal of any well-formed text. */
export function cedarString(text: string): string {
  return `"${text.replace(SPECIAL, (char) => (char === '"' || char === '\\' ? `\\${char}` : `\\u{${char.codePointAt(0)!.toString(16)}}`))}"`;
}

/** A policy statement with a comment of its reasons. */
export function cedarCommented(decision: Decision, statement: string): string {
  return `${remarks(decision)
    .map((line) => `// ${line}\n`)
    .join('')}${statement}`;
}

/**
 * ToolHive's Cedar for every tool that the file may name: permit what is allowed, forbid what is denied, so that a
 * permit from elsewhere does not open it.
 */
export function toolhiveStatements(decisions: readonly Decision[]): { decision: Decision; text: string }[] {
  return decisions
    .filter(({ spelt }) => spelt)
    .map((decision) => ({
      decision,
      text: `${decision.verb === 'allow' ? 'permit' : 'forbid'}(principal, action == Action::"call_tool", resource == Tool::${cedarString(decision.tool)});`,
    }));
}
