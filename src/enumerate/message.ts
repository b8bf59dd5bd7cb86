/** A JSON-RPC message: a request or notification where it has a method, else an answer. */
export interface Message {
  readonly id?: unknown;
  readonly method?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown } | undefined;
}

/**
 * A message, or undefined where it is none. The SDKs' schemas allow no field beside those of the standard, nor an error
 * that is null; agents written otherwise read such answers, and so may we.
 */
export function asMessage(value: unknown): Message | undefined {
  const { jsonrpc, id, method, params, error } = Object(value) as Record<string, unknown>;
  if (jsonrpc !== '2.0' || !(id == null || typeof id === 'string' || typeof id === 'number')) return undefined;
  if (typeof method === 'string') return { ...(id != null && { id }), method, params: Object(params) };
  const { code, message } = Object(error) as Record<string, unknown>;
  if (typeof code === 'number') return { id, error: { code, message: String(message) } };
  return id != null && error == null && 'result' in Object(value) ? (value as Message) : undefined;
}
