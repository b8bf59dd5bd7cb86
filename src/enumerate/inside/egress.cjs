'use strict';
// Runs before the server and notes which hosts it wants to reach. A record, no wall: the sandbox has no network.
const dns = require('node:dns');
const fs = require('node:fs');
const { Socket, isOwn, target } = require('./outward.cjs');

const MOST = 100;
const noted = new Set();

/** Told on standard error between marks, which is the one stream that every sandbox hands out and no client reads. */
function note(host, port) {
  const line = `${String(host).slice(0, 255)} ${port ?? ''}`;
  if (noted.size >= MOST || noted.has(line)) return;
  noted.add(line);
  try {
    fs.writeSync(2, `\x1eplimsoll-egress ${line}\x1e\n`);
  } catch {
    // It closed the stream: then there is nobody to tell.
  }
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const outward = target(args);
  if (outward) note(outward.host, outward.port);
  return connect.apply(this, args);
};

/** Look-ups of names; an address needs none. */
function noting(lookup) {
  return Object.assign(function (host, ...rest) {
    if (!isOwn(host) && /[a-z]/i.test(host) && !host.includes(':')) note(host);
    return lookup.call(this, host, ...rest);
  }, lookup);
}
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'resolveSrv', 'resolveMx'])
  for (const where of [dns, dns.promises]) where[name] = noting(where[name]);
