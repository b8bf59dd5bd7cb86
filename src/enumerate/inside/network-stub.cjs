'use strict';
// Runs before the server and answers its connections to other hosts inside its own process: nothing leaves it. Made
// for servers that will not list before they have spoken to somebody.
const dns = require('node:dns');
const net = require('node:net');
const tls = require('node:tls');
const { callback, destination, isOwn } = require('./outward.cjs');
const { answer, conversation } = require('./replies.cjs');

/** An address that is nobody's: TEST-NET-1 (RFC 5737). */
const ADDRESS = '192.0.2.1';

/** Where a connection goes that this process does not itself answer: a database on this machine is not there either. */
function away(args) {
  const to = destination(args);
  return to && isOwn(to.host) && own.has(to.port) ? undefined : to;
}

/** A socket whose other end is `conversation`. */
function pretend(socket, host) {
  const say = (bytes) => setImmediate(() => !socket.destroyed && bytes.length > 0 && socket.push(bytes));
  const hear = conversation(say, host);
  Object.assign(socket, {
    connecting: true,
    _writev: null,
    _read() {},
    _write(chunk, encoding, done) {
      hear(Buffer.from(chunk, encoding));
      done();
    },
    _final(done) {
      socket.push(null);
      done();
    },
  });
  setImmediate(() => {
    socket.connecting = false;
    if (!socket.destroyed) for (const event of ['connect', 'ready']) socket.emit(event);
  });
  return socket;
}

/** Ports where this process itself listens. */
const own = new Set();
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => own.add(this.address()?.port));
  return listen.apply(this, args);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const outward = away(args);
  if (!outward) return connect.apply(this, args);
  const done = callback(args);
  if (done) this.once('connect', done);
  return pretend(this, outward.host);
};

const secure = tls.connect;
tls.connect = (...args) => {
  const options = args.find((one) => typeof one === 'object' && one !== null) ?? {};
  const [port, host] = args;
  const full = typeof port === 'object' ? options : { ...options, port, ...(typeof host === 'string' && { host }) };
  if (!full.socket && !away([full])) return secure(...args);
  const socket = full.socket ?? new net.Socket();
  const done = callback(args);
  if (done) socket.once('secureConnect', done);
  Object.assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: false,
    servername: full.servername ?? full.host,
    getPeerCertificate: () => ({}),
    getCipher: () => ({ name: 'none', version: 'TLSv1.3' }),
    getProtocol: () => 'TLSv1.3',
    getSession: () => undefined,
    isSessionReused: () => false,
    setServername() {},
  });
  const secured = () => setImmediate(() => socket.emit('secureConnect'));
  if (full.socket) secured();
  else socket.once('connect', secured).connect(full);
  return socket;
};

const { lookup } = dns;
const found = (options) => (options?.all ? [{ address: ADDRESS, family: 4 }] : { address: ADDRESS, family: 4 });
dns.lookup = (host, ...rest) => {
  const done = rest.at(-1);
  if (isOwn(host) || net.isIP(host)) return lookup(host, ...rest);
  const answer = found(rest[0]);
  setImmediate(() => (Array.isArray(answer) ? done(null, answer) : done(null, ADDRESS, 4)));
};
const { lookup: later } = dns.promises;
dns.promises.lookup = async (host, options) => (isOwn(host) || net.isIP(host) ? later(host, options) : found(options));
for (const name of ['resolve', 'resolve4', 'resolve6']) {
  dns[name] = (_host, ...rest) => setImmediate(() => rest.at(-1)(null, [ADDRESS]));
  dns.promises[name] = async () => [ADDRESS];
}

// Deno's own `fetch` goes past Node's sockets.
if (process.versions.deno)
  globalThis.fetch = async (given, options) => {
    const request = new Request(given, options);
    const { hostname, pathname, search } = new URL(request.url);
    const head = `${request.method} ${pathname}${search} HTTP/1.1\r\naccept: ${request.headers.get('accept')}`;
    const [start, body] = answer(head, await request.text(), hostname).split('\r\n\r\n');
    const status = Number(start.split(' ')[1]);
    return new Response(body, { status, headers: { 'content-type': 'application/json' } });
  };
