import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, send } from './faults.ts';

/** A tool as a request shows it. */
export interface Shown {
  readonly id: string;
  readonly definition: { readonly name: string; readonly description?: string };
}

/** What a model answers about one tool; a test changes what it wants. */
export function verdict(tool: Shown, change: object = {}): object {
  const quote = { field: '/name', text: tool.definition.name };
  return {
    id: tool.id,
    category: { value: 'Read', because: 'the name says so', quote },
    risk: { value: 'low', because: 'nothing moves it', quote },
    facets: [],
    counter_reading: 'It could write a log.',
    rationale: 'It returns something.',
    misuse: 'It could be called too often.',
    ...change,
  };
}

/** One answer of the service: a message, or a fault in its place. */
export interface Reply {
  readonly content?: string | null;
  readonly refusal?: string;
  readonly finish?: string;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly fault?: Fault;
}

export interface Llm extends AsyncDisposable {
  readonly url: string;
  /** Bodies of chat completions, in order. */
  readonly asked: readonly { readonly model: string; readonly tools: readonly Shown[]; readonly max: number }[];
  /** Requests whose answer went out whole, in order: those that whoever asked, by the key, has to pay for. */
  readonly answered: readonly { readonly tools: readonly Shown[]; readonly key: string }[];
  /** Tokens that all answers together said they took. */
  readonly billed: () => number;
  /** Batches by id, as the service has them. */
  readonly batches: Map<string, Batch>;
}

export interface Batch {
  readonly lines: readonly { readonly custom_id: string; readonly body: unknown }[];
  status: string;
  output?: string;
  errors?: string;
}

export interface Behaviour {
  /** The answer to one request; by default every tool is called Read. */
  readonly reply?: (tools: readonly Shown[], nth: number) => Reply;
  /** What becomes of a batch when it is asked for the nth time. */
  readonly batch?: (batch: Batch, nth: number, answer: (line: Batch['lines'][number]) => string) => void;
}

/** The tools that a prompt shows, read from between its delimiters. */
export function shownTools(prompt: string): readonly Shown[] {
  const lines = /\nDATA (\w+)\n([\s\S]*)\nDATA \1$/.exec(prompt)![2]!.split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Shown);
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

interface Body {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
  readonly max_completion_tokens: number;
}

/** A service on loopback that speaks the OpenAI API: chat completions, files, batches. */
export async function serveLlm(behaviour: Behaviour = {}): Promise<Llm> {
  const asked: { model: string; tools: readonly Shown[]; max: number }[] = [];
  const answered: { tools: readonly Shown[]; key: string }[] = [];
  const batches = new Map<string, Batch>();
  const files = new Map<string, string>();
  const seen = new Map<string, number>();
  let billed = 0;

  function completion(body: Body): { readonly reply: Reply; readonly json: string } {
    const tools = shownTools(body.messages[1]!.content);
    asked.push({ model: body.model, tools, max: body.max_completion_tokens });
    const reply = behaviour.reply?.(tools, asked.length) ?? {};
    const usage = reply.usage === undefined ? { prompt_tokens: 1_000, completion_tokens: 500 } : reply.usage;
    if (usage && !reply.fault?.status) billed += usage.prompt_tokens + usage.completion_tokens;
    const content =
      reply.content === undefined ? JSON.stringify({ tools: tools.map((tool) => verdict(tool)) }) : reply.content;
    const message = { role: 'assistant', content, refusal: reply.refusal ?? null };
    const json = JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason: reply.finish ?? 'stop', message }],
      ...(usage && { usage }),
    });
    return { reply, json };
  }

  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace(/^\/v1/, '');
    const json = { 'content-type': 'application/json' };
    const body = await bytes(request);
    if (path === '/chat/completions') {
      const { reply, json: text } = completion(JSON.parse(body.toString()) as Body);
      const { tools } = asked.at(-1)!;
      if (!reply.fault?.status)
        response.once('finish', () => answered.push({ tools, key: String(request.headers.authorization).slice(7) }));
      return void send(response, text, reply.fault, json);
    }
    if (path === '/files' && request.method === 'POST') {
      // One part of multipart/form-data is the file: its lines are the only ones that begin with a brace.
      const lines = body
        .toString()
        .split(/\r?\n/)
        .filter((line) => line.startsWith('{'));
      files.set(`file-${files.size}`, lines.join('\n'));
      return void send(response, JSON.stringify({ id: `file-${files.size - 1}`, object: 'file' }), undefined, json);
    }
    const content = /^\/files\/([\w-]+)\/content$/.exec(path);
    if (content) return void send(response, files.get(content[1]!) ?? '', undefined, { 'content-type': 'text/plain' });
    if (path === '/batches' && request.method === 'POST') {
      const { input_file_id } = JSON.parse(body.toString()) as { input_file_id: string };
      const lines = files
        .get(input_file_id)!
        .split('\n')
        .map((line) => JSON.parse(line) as Batch['lines'][number]);
      const id = `batch_${batches.size}`;
      batches.set(id, { lines, status: 'validating' });
      return void send(response, JSON.stringify({ id, object: 'batch', status: 'validating' }), undefined, json);
    }
    const id = /^\/batches\/(\w+)$/.exec(path)?.[1];
    const batch = id && batches.get(id);
    if (!id || !batch) return void send(response, '{"error":{"message":"none"}}', { status: 404 }, json);
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    const answer = (line: Batch['lines'][number]) =>
      JSON.stringify({
        custom_id: line.custom_id,
        response: { status_code: 200, body: JSON.parse(completion(line.body as Body).json) as unknown },
        error: null,
      });
    if (behaviour.batch) behaviour.batch(batch, nth, answer);
    else if (nth > 1) Object.assign(batch, { status: 'completed', output: batch.lines.map(answer).join('\n') });
    for (const [kind, text] of [
      ['output', batch.output],
      ['errors', batch.errors],
    ] as const)
      if (text !== undefined) files.set(`${id}-${kind}`, text);
    const state = {
      id,
      object: 'batch',
      status: batch.status,
      request_counts: { total: batch.lines.length, completed: 0, failed: 0 },
      ...(batch.output !== undefined && { output_file_id: `${id}-output` }),
      ...(batch.errors !== undefined && { error_file_id: `${id}-errors` }),
    };
    void send(response, JSON.stringify(state), undefined, json);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answered,
    billed: () => billed,
    batches,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
