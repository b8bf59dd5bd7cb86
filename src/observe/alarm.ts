import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPublicFetch } from '#core/public-fetch.ts';

/** What is told: one JSON object. `text` is the whole of it in a sentence, which chats show as it is. */
export interface Told {
  readonly text: string;
  readonly kind: string;
  readonly subject: string;
  readonly since: string;
  readonly command: string;
  readonly catalogue?: string;
}

/** Who is told. */
export interface Listeners {
  readonly url?: string | undefined;
  /** Program and arguments. */
  readonly command?: readonly string[] | undefined;
  readonly userAgent: string;
  /** Milliseconds; other times than ours are for tests. */
  readonly patience?: number;
  readonly pause?: number;
}

/** Milliseconds that a listener has, and between two tries. */
const PATIENCE = 10_000;
const PAUSE = 500;
const TRIES = 3;

/**
 * Tells everybody who is named. Rejects with why where one could not be told in three tries; messages never hold the
 * address, which often is a secret. The address may be one of the operator's own network, and is never of a cloud's
 * metadata; redirects are not followed.
 */
export async function tell(told: Told, listeners: Listeners): Promise<void> {
  const faults: string[] = [];
  for (const one of [() => post(told, listeners), () => start(told, listeners)])
    await thrice(one, listeners.pause ?? PAUSE).catch((error: Error) => faults.push(error.message));
  if (faults.length > 0) throw new Error(faults.join('; '));
}

async function thrice(work: () => Promise<void>, pause: number): Promise<void> {
  for (let tried = 1; ; tried++)
    try {
      return await work();
    } catch (error) {
      if (tried >= TRIES) throw error;
      await sleep(pause * tried);
    }
}

async function post(told: Told, { url, userAgent, patience = PATIENCE }: Listeners): Promise<void> {
  if (url === undefined) return;
  await using open = openPublicFetch({
    userAgent,
    ownHosts: [new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')],
    limits: { redirects: 0, bytes: 64_000 },
  });
  let status: number;
  try {
    const answer = await open.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(told),
      signal: AbortSignal.timeout(patience),
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    const { name, code } = error as { readonly name: string; readonly code?: string };
    throw new Error(`PLIMSOLL_ALARM_URL could not be reached (${code ?? name})`);
  }
  if (status < 200 || status > 299) throw new Error(`PLIMSOLL_ALARM_URL answered with status ${status}`);
}

/** What a program of the operator's own may know of this process's variables: none of its keys. */
const PASSED = ['PATH', 'HOME', 'LANG', 'TZ', 'USER'];

async function start(told: Told, { command, patience = PATIENCE }: Listeners): Promise<void> {
  const [program, ...args] = command ?? [];
  if (program === undefined) return;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.includes(name)));
  const child = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  // One that does not read what it is told has been told all the same.
  child.stdin.on('error', () => {});
  child.stdin.end(`${JSON.stringify(told)}\n`);
  const [code, signal] = await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`PLIMSOLL_ALARM_COMMAND could not be started (${error.code})`);
  });
  if (code !== 0) throw new Error(`PLIMSOLL_ALARM_COMMAND ended with ${code ?? signal}`);
}
