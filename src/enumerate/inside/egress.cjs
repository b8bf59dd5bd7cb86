'use strict';
// Runs before the server and notes which hosts it wants to reach and where it listens. A record, no wall: the sandbox
// has no network.
const dns = require('node:dns');
const net = require('node:net');
const { destination, isOwn, tell } = require('./outward.cjs');

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const to = destination(args);
  if (to && !isOwn(to.host)) tell('egress', to.host, to.port);
  return connect.apply(this, args);
};

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => {
    const { port } = this.address() ?? {};
    if (port) tell('listens', port);
  });
  return listen.apply(this, args);
};

/** Look-ups of names; an address needs none. */
function noting(lookup) {
  return Object.assign(function (host, ...rest) {
    if (!isOwn(host) && !net.isIP(host)) tell('egress', host);
    return lookup.call(this, host, ...rest);
  }, lookup);
}
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'resolveSrv', 'resolveMx'])
  for (const where of [dns, dns.promises]) where[name] = noting(where[name]);

// In Deno, what may not be reached is to look as on a machine without a network.
if (process.versions.deno) {
  const { destroy } = net.Socket.prototype;
  net.Socket.prototype.destroy = function (error, ...rest) {
    const code = 'ENETUNREACH';
    if (error?.code === 'EPERM') Object.assign(error, { code, message: error.message.replace('EPERM', code) });
    return destroy.call(this, error, ...rest);
  };
}

// Deno's own `fetch` goes past Node's sockets; what it may not reach is to look as on a machine without a network.
if (process.versions.deno) {
  const { fetch } = globalThis;
  globalThis.fetch = async (request, options) => {
    const { hostname, port, protocol } = new URL(request?.url ?? request);
    if (protocol.startsWith('http') && !isOwn(hostname))
      tell('egress', hostname, port || (protocol === 'http:' ? 80 : 443));
    try {
      return await fetch(request, options);
    } catch (error) {
      if (error.name !== 'NotCapable') throw error;
      const cause = Object.assign(new Error(`connect ENETUNREACH ${hostname}`), { code: 'ENETUNREACH' });
      throw new TypeError('fetch failed', { cause });
    }
  };
}
