import { DEFINITION_FIELDS, type ToolDefinition } from '#domain/tool.ts';
import { fingerprint, sha256 } from './hash.ts';

/** SHA-256 of the RFC 8785 form of the fields that make a definition; a field that is absent is left out. */
export function definitionFingerprint(tool: ToolDefinition): string {
  return fingerprint(
    Object.fromEntries(DEFINITION_FIELDS.flatMap((field) => (tool[field] === undefined ? [] : [[field, tool[field]]]))),
  );
}

/** Hash of the names of all tools of a server, in any order: part of an assessment's key. */
export function siblingsHash(names: readonly string[]): string {
  return sha256(JSON.stringify([...new Set(names)].sort()));
}
