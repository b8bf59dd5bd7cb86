'use strict';
// What the other aids share: which connections leave this machine, and how to tell the crawler of something.
const fs = require('node:fs');

const OWN = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1?|::ffff:127(\.\d+){3}|sandbox)?$/i;
const MOST = 100;
const told = new Set();

/** Whether a name or address is this machine's own. */
function isOwn(host) {
  return typeof host !== 'string' || OWN.test(host.replace(/^\[|\]$/g, ''));
}

/** Where a socket is told to connect to, by the many ways to say it; undefined for one that is no TCP. */
function destination(args) {
  let [first, second] = args;
  // How net hands over what it has already sorted out.
  if (Array.isArray(first)) [first, second] = first;
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second };
  const port = Number(options.port);
  if (options.path || options.port === undefined || !Number.isInteger(port)) return undefined;
  return { host: typeof options.host === 'string' ? options.host : 'localhost', port };
}

/** The callback among the arguments of `connect`. */
function callback(args) {
  return (Array.isArray(args[0]) ? args[0] : args).find((one) => typeof one === 'function');
}

/** On standard error between marks: the one stream that every sandbox hands out and that no client reads. Once each. */
function tell(what, ...facts) {
  const line = [what, ...facts].join(' ').slice(0, 300);
  if (told.size >= MOST || told.has(line)) return;
  told.add(line);
  try {
    fs.writeSync(2, `\x1eplimsoll-${line}\x1e\n`);
  } catch {
    // It closed the stream: then there is nobody to tell.
  }
}

module.exports = { callback, destination, isOwn, tell };
