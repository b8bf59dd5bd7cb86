import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Served = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a port of 127.0.0.1. */
export interface Listening extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
  readonly port: number;
  /** Ends the connections that stand. */
  hangUp(): void;
}

export async function listen(served: Served): Promise<Listening> {
  const server = createServer(served);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    hangUp: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
