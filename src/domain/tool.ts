/** A value that JSON can carry. Everything a server says arrives as this, and is hostile data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * What a server says of one of its tools, exactly as it was said (names and texts are not cleaned).
 * Types hold for every field here; a tool that breaks them never becomes a definition but a rejection.
 */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema?: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
}

/** The fields that make a definition's fingerprint, in the order in which they are shown. */
export const DEFINITION_FIELDS = [
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
] as const satisfies readonly (keyof ToolDefinition)[];

/**
 * How we know of a definition: from the protocol's own list, from the server's handler called in its own process where it
 * would not answer, or read out of the package's source without running it.
 */
export const PROVENANCES = ['listed', 'hook', 'static'] as const;
export type Provenance = (typeof PROVENANCES)[number];
