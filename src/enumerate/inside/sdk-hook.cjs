'use strict';
// Runs before the server, and takes hold of what it registers to list its tools, where the server itself does not come
// to answer: the handler is called here and what it returns is handed over. Works for bundles too, since every version
// of the SDK keeps its handlers by method in a Map.
const fs = require('node:fs');

const METHOD = 'tools/list';
/** How long a server may take to answer by itself, a handler to return, and one that gives up to register more. */
const [OWN_MS, HANDLER_MS, LATER_MS] = [2000, 2000, 1000];
const MOST = 10;

const handlers = new Set();
let answered = false;

const { set } = Map.prototype;
Map.prototype.set = function (key, value) {
  if (key !== METHOD || typeof value !== 'function' || handlers.size >= MOST) return set.call(this, key, value);
  if (handlers.size === 0) setTimeout(() => void handOver(), OWN_MS);
  handlers.add(value);
  return set.call(this, key, async (...args) => {
    const listed = await value.apply(this, args);
    answered = true;
    return listed;
  });
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function call(handler) {
  const { signal } = new AbortController();
  const extra = { signal, requestId: 0, sendNotification: async () => {}, sendRequest: () => new Promise(() => {}) };
  const listed = await Promise.race([
    handler({ jsonrpc: '2.0', id: 0, method: METHOD, params: {} }, extra),
    wait(HANDLER_MS),
  ]);
  return Array.isArray(listed?.tools) ? listed.tools : [];
}

let handing;
function handOver() {
  handing ??= (async () => {
    if (answered) return;
    const lists = await Promise.all([...handlers].map((handler) => call(handler).catch(() => [])));
    const [tools] = lists.sort((a, b) => b.length - a.length);
    if (!answered && tools?.length > 0) say({ jsonrpc: '2.0', method: 'plimsoll/hook', params: { tools } });
  })();
  return handing;
}

/** The whole of it, also where the pipe is full: an end that comes right after would cut it off. */
function say(message) {
  const bytes = Buffer.from(`\n${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += fs.writeSync(1, bytes, sent);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

// A server that gives up, for want of a database say, is held back until its tools are told; what it does in between
// it does without a network.
const { exit } = process;
let ending = false;
async function end(code) {
  if (ending) return;
  ending = true;
  if (handlers.size === 0) await wait(LATER_MS);
  await handOver();
  exit(code);
}
process.exit = (code = process.exitCode) => (answered ? exit(code) : void end(code));
process.on('beforeExit', (code) => void end(code));
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    fs.writeSync(2, `${error?.stack ?? error}\n`);
    void end(1);
  });
