import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A wire to a port that can be cut without either end being told. */
export interface Wire extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing passes, and nobody hears that it does not. */
  cut(): void;
  /** What was sent meanwhile passes now, as after a partition. */
  mend(): void;
}

export async function wire(to: number): Promise<Wire> {
  const ends = new Set<Socket>();
  const held: [Socket, Buffer][] = [];
  let whole = true;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on('error', () => into.destroy());
      from.on('close', () => {
        ends.delete(from);
        into.destroy();
      });
      from.on('data', (piece: Buffer) => {
        if (whole) into.write(piece);
        else held.push([into, piece]);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      whole = false;
    },
    mend() {
      whole = true;
      for (const [into, piece] of held.splice(0)) if (!into.destroyed) into.write(piece);
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
