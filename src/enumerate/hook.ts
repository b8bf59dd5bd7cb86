import type { Heard } from './converse.ts';
import type { Limits } from './limits.ts';
import type { StdioTransport } from './transport.ts';

const METHOD = 'plimsoll/hook';

/**
 * What the aid `sdk-hook` hands over, once it does: the tools as the server's own handler returned them. The server can
 * forge that message, but it could as well have listed them. Call before the conversation begins.
 */
export function hookOf(transport: StdioTransport, limits: Limits): Promise<Heard> {
  return new Promise((resolve) => {
    transport.onmessage = (message) => {
      const tools: unknown = message.method === METHOD ? message.params?.tools : undefined;
      if (!Array.isArray(tools)) return;
      const listed = tools.slice(0, limits.tools + 1);
      const cut = listed.length > limits.tools && { cut: 'too-many-tools' as const };
      resolve({ listed, protocolVersion: transport.protocolVersion() ?? 'unknown', ...cut });
    };
  });
}
