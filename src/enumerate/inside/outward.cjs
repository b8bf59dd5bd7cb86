'use strict';
// What the other aids share: which connections leave this machine.
const { Socket } = require('node:net');

const OWN = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1?|::ffff:127(\.\d+){3}|sandbox)?$/i;

/** Where a socket is told to connect to, by the many ways to say it; undefined for one that stays on this machine. */
function target(args) {
  let [first, second] = args;
  // How net hands over what it has already sorted out.
  if (Array.isArray(first)) [first, second] = first;
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
  if (options.path || options.port === undefined || (typeof first === 'string' && Number.isNaN(Number(first))))
    return undefined;
  const host = typeof options.host === 'string' ? options.host : 'localhost';
  return isOwn(host) ? undefined : { host, port: Number(options.port) };
}

/** Whether a name or address is this machine's own. */
function isOwn(host) {
  return typeof host !== 'string' || OWN.test(host.replace(/^\[|\]$/g, ''));
}

module.exports = { Socket, isOwn, target };
