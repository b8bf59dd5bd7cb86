import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Listening, listen } from './http-server.ts';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** What of a request is signed. Header names are in lower case. */
export interface Signed {
  readonly method: string;
  /** As sent: path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The signature that a request should have by AWS's Signature Version 4, from what its own header says was signed, for
 * whoever holds `secret`. Written from the specification; the test holds it to Amazon's published example.
 */
export function signatureOf({ method, target, headers }: Signed, secret: string): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+),\s*SignedHeaders=([^,]+),/.exec(String(headers.authorization)) ?? [];
  const [path = '', query = ''] = target.split('?');
  const canonical = [
    method,
    path,
    query.split('&').filter(Boolean).sort().join('&'),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  const key = [region, service, end].reduce<Buffer>((from, part) => hmac(from, part), hmac(`AWS4${secret}`, date));
  return hmac(key, ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')).toString('hex');
}

/** A service that keeps objects as S3 does, and takes only what is rightly signed. */
export interface S3Server extends AsyncDisposable {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** `GET /bucket/name 200`. */
  readonly seen: string[];
  /** Answers this to everything from now on. */
  status?: number;
}

export const S3_KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export async function s3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const seen: string[] = [];
  let server: S3Server;
  const answer = (request: IncomingMessage, body: Buffer): readonly [number, (string | Buffer)?] => {
    const { method = '', url = '', headers } = request;
    if (server.status !== undefined) return [server.status, '<Error><Code>SlowDown</Code></Error>'];
    const [, id, signature] = /Credential=([^/]+)\/.*Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? [];
    if (id !== S3_KEYS.accessKeyId) return [403, '<Error><Code>InvalidAccessKeyId</Code></Error>'];
    if (signature !== signatureOf({ method, target: url, headers }, S3_KEYS.secretAccessKey))
      return [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>'];
    if (headers['x-amz-content-sha256'] !== sha256(body))
      return [400, '<Error><Code>XAmzContentSHA256Mismatch</Code></Error>'];
    if (method === 'PUT') {
      // S3 takes no body of unknown length.
      if (headers['content-length'] === undefined) return [411, '<Error><Code>MissingContentLength</Code></Error>'];
      objects.set(url, body);
      return [200];
    }
    const found = objects.get(url);
    return found ? [200, found] : [404, '<Error><Code>NoSuchKey</Code></Error>'];
  };
  const listening: Listening = await listen((request, response) => {
    void bodyOf(request).then((body) => {
      const [status, text] = answer(request, body);
      seen.push(`${request.method} ${request.url} ${status}`);
      response.writeHead(status).end(text);
    });
  });
  server = { url: listening.url, objects, seen, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
  return server;
}
