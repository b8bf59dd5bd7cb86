import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Limits } from './limits.ts';
import type { Running } from './sandbox.ts';

/** Bytes of standard error that are kept: its end says why a program gave up. */
const TAIL = 64 * 1024;

/** A conversation with a program in a sandbox over its standard streams. */
export interface StdioTransport extends Transport {
  /** The version that the handshake settled on. */
  protocolVersion(): string | undefined;
  /** The end of what it wrote to standard error. */
  stderr(): string;
  /** Whether it wrote more than it may, and where. */
  flooded(): 'stdout' | 'stderr' | undefined;
  /** Lines on standard output that were no messages. */
  junk(): number;
}

/**
 * The SDK's own stdio transport inherits an environment, cannot hand over descriptors, and gives a program four seconds
 * to end. This one takes a program that runs already, passes over lines that are no messages, and ends it at once when
 * it floods.
 */
export function stdioTransport(program: Running, limits: Pick<Limits, 'stdout' | 'stderr'>): StdioTransport {
  const pending: Buffer[] = [];
  let tail = Buffer.alloc(0);
  let [read, heard, junk] = [0, 0, 0];
  let flooded: 'stdout' | 'stderr' | undefined;
  let version: string | undefined;
  let closed = false;

  const close = () => {
    if (closed) return;
    closed = true;
    program.kill();
    transport.onclose?.();
  };
  const flood = (stream: 'stdout' | 'stderr') => {
    flooded ??= stream;
    close();
  };
  const take = (line: Buffer) => {
    const text = line.toString('utf8').trim();
    if (text === '' || closed) return;
    const message = parse(text);
    if (message) transport.onmessage?.(message);
    else junk++;
  };

  const transport: StdioTransport = {
    async start() {
      program.stdout.on('data', (chunk: Buffer) => {
        if (closed) return;
        read += chunk.length;
        if (read > limits.stdout) return flood('stdout');
        let from = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
          take(Buffer.concat([...pending.splice(0), chunk.subarray(from, end)]));
          from = end + 1;
        }
        if (from < chunk.length) pending.push(chunk.subarray(from));
      });
      program.stderr.on('data', (chunk: Buffer) => {
        heard += chunk.length;
        tail = Buffer.concat([tail, chunk]).subarray(-TAIL);
        if (heard > limits.stderr) flood('stderr');
      });
      void program.ended.then(close);
    },
    async send(message) {
      if (!closed && program.stdin.writable) program.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      close();
    },
    setProtocolVersion: (settled) => {
      version = settled;
    },
    protocolVersion: () => version,
    stderr: () => tail.toString('utf8'),
    flooded: () => flooded,
    junk: () => junk,
  };
  return transport;
}

function parse(text: string): JSONRPCMessage | undefined {
  try {
    const result = JSONRPCMessageSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
