'use strict';
// Runs before a server that listens for HTTP on this machine's own loopback, and passes what comes on standard input on
// to it, and its answers back: Streamable HTTP, or the older HTTP with server-sent events.
const http = require('node:http');
const net = require('node:net');
const readline = require('node:readline');

const POST_PATHS = ['/mcp', '/', '/stream', '/message', '/messages', '/api/mcp', '/v1/mcp', '/mcp/stream'];
const SSE_PATHS = ['/sse', '/', '/mcp/sse', '/mcp', '/events'];
const PROBE_MS = 3000;

/** Paths of its own addresses that it prints. */
const printed = new Set();
for (const stream of [process.stdout, process.stderr]) {
  const { write } = stream;
  stream.write = function (chunk, ...rest) {
    for (const [, path] of String(chunk).matchAll(
      /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d+)?(\/[\w/-]+)/g,
    ))
      if (printed.size < 10) printed.add(path);
    return write.call(this, chunk, ...rest);
  };
}

let session;
let version;
/** Posts to where the server takes messages, once that is known. */
let post;

/** Whether it was a message. One that answers nothing in particular answers what was asked last. */
function say(text, id) {
  try {
    const message = JSON.parse(text);
    if (message?.jsonrpc !== '2.0') return false;
    version ??= message.result?.protocolVersion;
    process.stdout.write(`${JSON.stringify({ ...message, id: message.id ?? id })}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Calls back for each event of a stream, with its name and data. */
function events(response, each) {
  let held = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    const parts = (held + chunk).split(/\r?\n\r?\n/);
    held = parts.pop();
    for (const part of parts) {
      const lines = part.split(/\r?\n/);
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      const name =
        lines
          .find((line) => line.startsWith('event:'))
          ?.slice(6)
          .trim() ?? 'message';
      each(name, data.join('\n'));
    }
  });
}

function request(address, method, path, headers, body) {
  return new Promise((resolve) => {
    const asked = http.request({
      ...address,
      method,
      path,
      headers: { host: `localhost:${address.port}`, ...headers },
    });
    const late = setTimeout(() => asked.destroy(), PROBE_MS);
    asked.once('response', (response) => {
      clearTimeout(late);
      resolve(response);
    });
    asked.once('error', () => resolve(undefined));
    asked.end(body);
  });
}

async function send(address, path, message) {
  const body = JSON.stringify(message);
  const response = await request(
    address,
    'POST',
    path,
    {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json, text/event-stream',
      ...(session && { 'mcp-session-id': session }),
      ...(version && { 'mcp-protocol-version': version }),
    },
    body,
  );
  if (!response) return false;
  session ??= response.headers['mcp-session-id'];
  const ok = response.statusCode >= 200 && response.statusCode < 300;
  const type = String(response.headers['content-type']);
  if (ok && type.includes('event-stream')) events(response, (_name, data) => say(data));
  else {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    if (type.includes('json') && say(text, message.id)) return true;
    if (response.statusCode === 401) process.stderr.write(`${response.statusCode} Unauthorized\n`);
    return response.statusCode === 202;
  }
  return ok;
}

/** Opens the stream of the older transport, and returns the path that it names for messages. */
async function subscribe(address, path) {
  const response = await request(address, 'GET', path, { accept: 'text/event-stream' });
  if (!String(response?.headers['content-type']).includes('event-stream')) {
    response?.destroy();
    return undefined;
  }
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PROBE_MS);
    events(response, (name, data) => {
      if (name !== 'endpoint') return say(data);
      clearTimeout(late);
      resolve(new URL(data, 'http://localhost').pathname + new URL(data, 'http://localhost').search);
    });
  });
}

/** Finds out with the first message where and how it takes messages. */
async function settle(address, first) {
  for (const path of new Set([...printed, ...POST_PATHS]))
    if (await send(address, path, first)) return (message) => send(address, path, message);
  for (const path of new Set([...printed, ...SSE_PATHS])) {
    const endpoint = await subscribe(address, path);
    if (endpoint === undefined) continue;
    const on = (message) => send(address, endpoint, message);
    await on(first);
    return on;
  }
  return undefined;
}

const listening = [];
let waiting = Promise.resolve();
function pass(line) {
  waiting = waiting.then(async () => {
    const message = JSON.parse(line);
    if (post) return void (await post(message));
    for (const address of listening) {
      post = await settle(address, message);
      if (post) return;
    }
  });
  waiting = waiting.catch(() => {});
}

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => {
    const { port, family, address } = this.address() ?? {};
    if (!port) return;
    const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
    listening.push({ host, port, family: family === 'IPv6' && address !== '::' ? 6 : 4 });
    // A moment for what it prints, and for its routes.
    if (listening.length === 1)
      setTimeout(() => readline.createInterface({ input: process.stdin }).on('line', pass), 200);
  });
  return listen.apply(this, args);
};
