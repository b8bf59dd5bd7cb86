'use strict';
// Runs before the server and finds modules whose file ending was left out, which worked with older loaders; and lets
// `import … assert {}` be read as `with {}`, as it is written since.
const { registerHooks } = require('node:module');

const MISSING = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);
const ENDINGS = ['.js', '/index.js', '.mjs', '.cjs', '.json'];
const ASSERT = /^(\s*(?:import|export)\b[^;\n]*?\bfrom\s*(['"])[^'"\n]+\2\s*)assert(\s*\{)/gm;

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!MISSING.has(error.code)) throw error;
      for (const ending of ENDINGS) {
        try {
          return next(`${specifier.replace(/\/$/, '')}${ending}`, context);
        } catch {
          // The next one, or what was wrong at first.
        }
      }
      throw error;
    }
  },
  load(url, context, next) {
    const loaded = next(url, context);
    if (loaded.format !== 'module' || !loaded.source) return loaded;
    const source = loaded.source.toString();
    return source.includes('assert') ? { ...loaded, source: source.replace(ASSERT, '$1with$3') } : loaded;
  },
});
