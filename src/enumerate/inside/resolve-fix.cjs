'use strict';
// Runs before the server and loads what its loader refuses: modules whose file ending was left out, which worked with
// older ones; `import … assert {}`, which is written `with {}` since; TypeScript in a package. And where a native part
// is missing, since no install script ran to build it, something takes its place that takes everything.
const fs = require('node:fs');
const Module = require('node:module');

const MISSING = /ERR_MODULE_NOT_FOUND|ERR_UNSUPPORTED_DIR_IMPORT|ERR_PACKAGE_PATH_NOT_EXPORTED/;
const ENDINGS = ['.js', '/index.js', '.mjs', '.cjs', '.json'];
const ASSERT = /^(\s*(?:import|export)\b[^;\n]*?\bfrom\s*(['"])[^'"\n]+\2\s*)assert(\s*\{)/gm;
const UNBUILT = /bindings file|No native build|\.node\b|prebuil/;

/** Where it is found; Deno says so before it looks. */
function resolved(specifier, context, next) {
  const found = next(specifier, context);
  if (found.url?.startsWith('file:') && !fs.statSync(new URL(found.url), { throwIfNoEntry: false })?.isFile())
    throw Object.assign(new Error(`Cannot find module '${specifier}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  return found;
}

function resolve(specifier, context, next) {
  try {
    return resolved(specifier, context, next);
  } catch (error) {
    if (!MISSING.test(`${error.code} ${error.message}`)) throw error;
    for (const ending of ENDINGS) {
      try {
        return resolved(`${specifier.replace(/\/$/, '')}${ending}`, context, next);
      } catch {
        // The next one, or what was wrong at first.
      }
    }
    throw error;
  }
}

function readable(url, context, next) {
  if (/\.[mc]?ts$/.test(url) && url.startsWith('file:')) {
    const text = fs.readFileSync(new URL(url), 'utf8');
    const format = url.endsWith('.cts') ? 'commonjs' : 'module';
    return { format, source: Module.stripTypeScriptTypes(text, { mode: 'transform' }), shortCircuit: true };
  }
  const loaded = next(url, context);
  if (loaded.format !== 'module' || !loaded.source) return loaded;
  const source = loaded.source.toString();
  return source.includes('assert') ? { ...loaded, source: source.replace(ASSERT, '$1with$3') } : loaded;
}

// Deno reads TypeScript by itself, and with such a hook takes JSON that is required for a program.
Module.registerHooks(process.versions.deno ? { resolve } : { resolve, load: readable });

/** May be called, made, asked for any part and turned into text; whatever comes of that is the same again. */
const anything = new Proxy(class {}, {
  get(target, key) {
    if (key === Symbol.toPrimitive) return () => '';
    if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
    // What has a `then` is waited for, and this would never come.
    return key === 'then' ? undefined : key === 'prototype' ? target.prototype : anything;
  },
  apply: () => anything,
  construct: () => anything,
});

/** The packages by which native parts are looked for; what they return throws when called. */
const FINDERS = new Set(['bindings', 'node-gyp-build']);

function standIn(find) {
  return Object.assign((...args) => {
    try {
      return find(...args);
    } catch {
      return anything;
    }
  }, find);
}

const { _load: load } = Module;
Module._load = function (request, ...rest) {
  try {
    const found = load.call(this, request, ...rest);
    return FINDERS.has(request) && typeof found === 'function' ? standIn(found) : found;
  } catch (error) {
    if (error?.code === 'ERR_DLOPEN_FAILED' || UNBUILT.test(error?.message)) return anything;
    throw error;
  }
};
