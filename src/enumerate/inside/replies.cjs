'use strict';
// What the network stub answers, by what is said to it: HTTP with empty JSON, Redis and PostgreSQL with their simplest
// replies, everything else with silence.
const { tell } = require('./outward.cjs');

const LARGEST = 4 * 1024 * 1024;
/** Empty, under all the names by which programs ask for what they list. */
const EMPTY = { data: {}, items: [], results: [], count: 0, total: 0 };

/** A conversation with one connection: takes what is sent, calls `say` with what to answer. */
function conversation(say, host) {
  let held = Buffer.alloc(0);
  let speak;
  return (bytes) => {
    if (held.length + bytes.length > LARGEST) return;
    held = Buffer.concat([held, bytes]);
    speak ??= language(held);
    for (let used = speak?.(held, say, host); used > 0; used = held.length > 0 ? speak(held, say, host) : 0)
      held = held.subarray(used);
  };
}

function language(bytes) {
  if (/^[A-Z]{3,7} [^\r\n]+ HTTP\/1/.test(bytes.toString('latin1', 0, 4096))) return http;
  if (bytes[0] === 0x2a) return redis();
  if (bytes.length >= 8 && bytes.readUInt32BE(0) < 10_000 && [196_608, 80_877_103].includes(bytes.readUInt32BE(4)))
    return postgres();
  return undefined;
}

/** Each takes as much as is whole, answers it, and returns how many bytes that was. */
function http(bytes, say, host) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return 0;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  let used = end + 4 + length;
  if (/^transfer-encoding:.*chunked/im.test(head)) {
    const last = bytes.indexOf('0\r\n\r\n', end + 4);
    if (last === -1) return 0;
    used = last + 5;
  }
  if (bytes.length < used) return 0;
  const body = bytes.toString('utf8', end + 4, used);
  say(Buffer.from(answer(head, body, host)));
  return used;
}

/** A whole response to a request's head and body. */
function answer(head, body, host) {
  const [method, path = '/'] = head.split(' ');
  if (method === 'CONNECT') return 'HTTP/1.1 200 OK\r\n\r\n';
  if (/^accept: *text\/event-stream *$/im.test(head)) return 'HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n';
  if (/"jsonrpc"/.test(body)) {
    // Tools come from elsewhere, and none may be made up here.
    tell('proxy', host);
    return 'HTTP/1.1 503 No network\r\nContent-Length: 0\r\n\r\n';
  }
  const json = JSON.stringify(graphql(queryOf(path, body)) ?? EMPTY);
  const type = /\.(txt|md)(\?|$)/.test(path) ? 'text/plain' : 'application/json';
  const fields = `Content-Type: ${type}\r\nContent-Length: ${json.length}\r\nConnection: keep-alive`;
  return `HTTP/1.1 200 OK\r\n${fields}\r\n\r\n${method === 'HEAD' ? '' : json}`;
}

/** A GraphQL query, of the address or of the body. */
function queryOf(path, body) {
  try {
    return new URL(path, 'http://a').searchParams.get('query') ?? JSON.parse(body).query;
  } catch {
    return undefined;
  }
}

/** A GraphQL query names the fields that it wants: each is there, and empty. */
function graphql(query) {
  if (typeof query !== 'string' || query.length > 20_000 || !query.includes('{')) return undefined;
  const words =
    query
      .replace(/\\[nrt]/g, ' ')
      .replace(/\([^()]*\)|#.*$/g, '')
      .match(/[{}]|\w+(?=\s*:)|\w+/g) ?? [];
  const data = {};
  const open = [data];
  let last;
  // What stands before the first brace is the operation's kind and name.
  for (const word of words.slice(words.indexOf('{') + 1)) {
    const at = open.at(-1);
    if (word === '{') {
      if (last !== undefined) at[last] = {};
      open.push(last === undefined ? {} : at[last]);
    } else if (word === '}') open.pop();
    else at[word] = '';
    last = word === '{' || word === '}' ? undefined : word;
    if (open.length === 0 || open.length > 20) break;
  }
  return { data };
}

/** RESP: an array of bulk strings is a command. */
function redis() {
  const replies = {
    PING: '+PONG\r\n',
    HELLO: '-ERR unknown command\r\n',
    INFO: '$37\r\nredis_version:7.2.0\r\nloading:0\r\nrole:m\r\n',
  };
  return (bytes, say) => {
    const text = bytes.toString('latin1');
    const count = Number(/^\*(\d+)\r\n/.exec(text)?.[1]);
    if (!Number.isInteger(count)) return 0;
    let at = text.indexOf('\r\n') + 2;
    let command = '';
    for (let i = 0; i < count; i++) {
      const [field, size] = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20)) ?? [];
      if (field === undefined || at + field.length + Number(size) + 2 > text.length) return 0;
      if (i === 0) command = text.slice(at + field.length, at + field.length + Number(size)).toUpperCase();
      at += field.length + Number(size) + 2;
    }
    say(Buffer.from(replies[command] ?? '+OK\r\n', 'latin1'));
    return at;
  };
}

/** PostgreSQL 3.0: lets in whoever comes, and answers every query with no rows. */
function postgres() {
  const message = (type, ...parts) => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), size, body]);
  };
  const ready = message('Z', 'I');
  const hello = [
    message('R', [0, 0, 0, 0]),
    message('S', 'server_version\x0016.0\0'),
    message('S', 'client_encoding\0UTF8\0'),
    message('K', [0, 0, 0, 1, 0, 0, 0, 1]),
    ready,
  ];
  const answers = {
    Q: [message('C', 'SELECT 0\0'), ready],
    P: [message('1')],
    B: [message('2')],
    D: [message('n')],
    E: [message('C', 'SELECT 0\0')],
    C: [message('3')],
    S: [ready],
  };
  let begun = false;
  return (bytes, say) => {
    const from = begun ? 1 : 0;
    if (bytes.length < from + 4) return 0;
    const used = from + bytes.readUInt32BE(from);
    if (bytes.length < used || used < from + 4) return 0;
    if (begun) say(Buffer.concat(answers[String.fromCharCode(bytes[0])] ?? []));
    else if (bytes.readUInt32BE(4) === 80_877_103) say(Buffer.from('N'));
    else {
      begun = true;
      say(Buffer.concat(hello));
    }
    return used;
  };
}

module.exports = { answer, conversation };
