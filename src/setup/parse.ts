import { readJson } from './formats/json.ts';
import { readToml } from './formats/toml.ts';
import { readYaml } from './formats/yaml.ts';
import type { Parsed } from './node.ts';

/** Reads a configuration's text in the language that its file's name tells: TOML, YAML, else JSON with comments. */
export function parseConfig(path: string, text: string): Parsed {
  const plain = text.replace(/^\uFEFF/, '');
  if (/\.toml$/i.test(path)) return readToml(plain);
  return /\.ya?ml$/i.test(path) ? readYaml(plain) : readJson(plain);
}
