import { gather } from './gather.ts';
import type { Limits } from './limits.ts';
import { asMessage, type Message } from './message.ts';
import type { Channel } from './peer.ts';
import type { Running } from './sandbox.ts';

/** Bytes of standard error that are kept: its end says why a program gave up. */
const TAIL = 64 * 1024;
const CHATTER = 16 * 1024;

/** A conversation with a program in a sandbox over its standard streams. */
export interface StdioTransport extends Channel {
  /** The version that the handshake settled on. */
  protocolVersion(): string | undefined;
  /** The end of what it wrote to standard error. */
  stderr(): string;
  /** The end of what it wrote to standard output and that were no messages. */
  chatter(): string;
  /** Whether the program ended, or was ended for a flood, rather than the conversation being closed. */
  gone(): boolean;
  /** Whether it wrote more than it may, and where. */
  flooded(): 'stdout' | 'stderr' | undefined;
}

/**
 * The SDK's own stdio transport inherits an environment, cannot hand over descriptors, and gives a program four seconds
 * to end. This one takes a program that runs already, passes over lines that are no messages, and ends it at once when
 * it floods.
 */
export function stdioTransport(program: Running, limits: Pick<Limits, 'stdout' | 'stderr' | 'lines'>): StdioTransport {
  const [line, tail, chatter] = [gather(), gather(), gather()];
  let [read, heard, lines] = [0, 0, 0];
  let flooded: 'stdout' | 'stderr' | undefined;
  let version: string | undefined;
  let [closed, gone] = [false, false];

  const close = () => {
    if (closed) return;
    closed = true;
    program.kill();
    transport.onclose?.();
  };
  const flood = (stream: 'stdout' | 'stderr') => {
    flooded ??= stream;
    gone = true;
    close();
  };
  const take = (bytes: Buffer) => {
    if (closed) return;
    // Reading a line costs more than writing one.
    if (++lines > limits.lines) return flood('stdout');
    const message = parse(elsewhere(bytes.toString('utf8').trim(), program.places));
    if (message) return transport.onmessage?.(message);
    chatter.add(bytes.subarray(-CHATTER));
    chatter.add(Buffer.from('\n'));
    if (chatter.length > 2 * CHATTER) chatter.trim(CHATTER);
  };

  const transport: StdioTransport = {
    async start() {
      program.stdout.on('data', (chunk: Buffer) => {
        if (closed) return;
        read += chunk.length;
        if (read > limits.stdout) return flood('stdout');
        let from = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
          line.add(chunk.subarray(from, end));
          take(line.bytes());
          line.trim(0);
          from = end + 1;
        }
        line.add(chunk.subarray(from));
      });
      program.stderr.on('data', (chunk: Buffer) => {
        heard += chunk.length;
        tail.add(chunk);
        if (tail.length > 2 * TAIL) tail.trim(TAIL);
        if (heard > limits.stderr) flood('stderr');
      });
      void program.ended.then(() => {
        gone = true;
        close();
      });
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
    stderr: () => tail.bytes().subarray(-TAIL).toString('utf8'),
    chatter: () => chatter.bytes().subarray(-CHATTER).toString('utf8'),
    gone: () => gone,
    flooded: () => flooded,
  };
  return transport;
}

/** The same from whichever machine and run, or one definition would seem another each night. */
function elsewhere(text: string, places: Running['places']): string {
  let said = text;
  for (const [path, name] of places) said = said.replaceAll(JSON.stringify(path).slice(1, -1), name);
  return said;
}

function parse(text: string): Message | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return asMessage(JSON.parse(text));
  } catch {
    return undefined;
  }
}
