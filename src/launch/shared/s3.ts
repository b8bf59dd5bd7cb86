import { openAsBlob } from 'node:fs';
import { AwsV4Signer } from 'aws4fetch';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import type { Objects } from './objects.ts';

export interface S3 {
  /** `s3://bucket/prefix`. */
  readonly address: string;
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** The SHA-256 of nothing, as S3 wants it signed for requests without a body. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const agent = new EnvHttpProxyAgent({ connect: { timeout: 5000 }, headersTimeout: 30_000, bodyTimeout: 30_000 });

/** Objects in a bucket of any service that speaks S3's API, by addresses in which the bucket stands in the path. */
export function s3Objects({ address, endpoint, region, ...keys }: S3): Objects {
  const { host: bucket, pathname } = new URL(address);
  const base = `${(endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/$/, '')}/${bucket}`;
  const prefix = pathname.replace(/^\/|\/$/g, '');
  const send = async (method: 'GET' | 'PUT', name: string, sha256: string, signal: AbortSignal, body?: Blob) => {
    const url = `${base}/${prefix ? `${prefix}/` : ''}${name}`;
    const headers = { 'x-amz-content-sha256': sha256 };
    const signed = await new AwsV4Signer({ ...keys, method, url, headers, service: 's3', region } as never).sign();
    return fetch(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      dispatcher: agent,
      redirect: 'error',
      signal,
      ...(body && { body: body as never }),
    });
  };
  return {
    place: address,
    async read(name, signal) {
      const response = await send('GET', name, EMPTY, signal);
      if (response.status === 404) return void (await response.body?.cancel());
      if (!response.ok || !response.body) throw await refusal(response);
      return response.body;
    },
    async write(name, { path, sha256 }, signal) {
      const response = await send('PUT', name, sha256, signal, await openAsBlob(path));
      if (!response.ok) throw await refusal(response);
      await response.body?.cancel();
    },
  };
}

/** What the store answered, without what it may have put into its text beside the code. */
async function refusal(response: Response): Promise<Error> {
  const text = (await response.text().catch(() => '')).slice(0, 10_000);
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1];
  return new Error(`the store answered ${response.status}${code ? ` ${code}` : ''}`);
}
