import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { z } from 'zod';
import { bounded } from '#core/http-body.ts';
import { visibleLine } from '#core/visible.ts';
import { readSetup, type Wanted } from '#discover/wanted.ts';
import { type Answers, Unanswered } from './server.ts';
import type { Answer, CatalogueTool } from './tool.ts';
import checkSetup, { type Setup, type SetupAnswer, told } from './tools/check-setup.ts';

/** Milliseconds for an answer, and bytes of one. */
const PATIENCE = 20_000;
const BYTES = 4 * 1024 * 1024;

/**
 * Answers from a catalogue elsewhere, by the MCP server under its address. Only names of servers, packages and public
 * hosts go there: a setup is read here, and a text that names no server that way is not sent.
 */
export function answersFrom(
  base: string,
  options: { readonly userAgent: string; readonly stop: AbortSignal },
): Answers {
  const url = new URL('mcp', base.endsWith('/') ? base : `${base}/`);
  return async (tool, input) => {
    if (tool.name === checkSetup.name) return setupFrom(input, (sent) => ask(url, checkSetup, sent, options));
    const { server } = input;
    return ask(url, tool, typeof server === 'string' ? { ...input, server: nameOf(server) } : input, options);
  };
}

async function setupFrom(
  { servers = [], config = {} }: z.output<typeof Setup>,
  far: (sent: z.input<typeof Setup>) => Promise<Answer>,
): Promise<Answer> {
  const wanted = [...readSetup(config), ...readSetup(servers)];
  const addresses = wanted.map(publicAddress);
  const sent = addresses.filter((address) => address !== undefined);
  const { data } = await far({ servers: sent });
  const { entries: found, combinations } = data as z.output<typeof SetupAnswer>;
  const entries = wanted.map(({ name }, at) => ({
    ...(found[sent.indexOf(addresses[at]!)] ?? { asked: [], found: false }),
    ...(name !== undefined && { name: visibleLine(name) }),
  }));
  return { text: told(entries, combinations), data: { entries, combinations } };
}

/** The address under which others may know it; undefined for what only this machine or its network has. */
function publicAddress({ addresses }: Wanted): string | undefined {
  return addresses.find((one) => !one.startsWith('remote:') || one.startsWith('remote:https:'));
}

/** What of a text that names a server may be sent. */
function nameOf(text: string): string {
  const word = text.trim();
  if (/^(?![a-z]:)[\w@][\w@./:%+-]{0,300}$/i.test(word) && !word.includes('://')) return word;
  const [wanted] = readSetup([word]);
  const address = wanted && publicAddress(wanted);
  if (address !== undefined) return address;
  throw new Unanswered(
    'The text names no server by id, slug, package, repository or public address, so it was not sent.',
  );
}

async function ask(
  url: URL,
  tool: CatalogueTool,
  sent: Record<string, unknown>,
  { userAgent, stop }: { readonly userAgent: string; readonly stop: AbortSignal },
): Promise<Answer> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]);
  const client = new Client({ name: 'plimsoll', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const fetching = async (address: string | URL, init: RequestInit = {}) => {
    const response = await fetch(address, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, ...(init.signal ? [init.signal] : [])]),
    });
    const { status, headers } = response;
    return new Response((await bounded(url, response as never, BYTES)) || null, { status, headers });
  };
  let answered: Awaited<ReturnType<Client['callTool']>>;
  try {
    const requestInit = { headers: { 'user-agent': userAgent } };
    await client.connect(new StreamableHTTPClientTransport(url, { fetch: fetching, requestInit }));
    answered = await client.callTool({ name: tool.name, arguments: sent });
  } catch (error) {
    throw new Unanswered(`${url.host} cannot be asked: ${visibleLine((error as Error).message).slice(0, 300)}`);
  } finally {
    await client.close().catch(() => {});
  }
  const texts = (answered.content ?? []).flatMap((one) => (one.type === 'text' ? [one.text] : []));
  if (answered.isError)
    throw new Unanswered(visibleLine((texts[0] ?? 'The catalogue gave no answer.').slice(0, 1_000)));
  const data = tool.output.safeParse(answered.structuredContent);
  const [text, file] = texts;
  if (!data.success || text === undefined) throw new Unanswered(`${url.host} does not answer as a catalogue does.`);
  return { text, data: data.data, ...(file !== undefined && { file }) };
}
