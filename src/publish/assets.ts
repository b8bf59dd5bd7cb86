import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '#core/hash.ts';

const TYPES = {
  'check.js': 'text/javascript; charset=utf-8',
  'copy.js': 'text/javascript; charset=utf-8',
  'mark.svg': 'image/svg+xml',
  'search.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
} as const;
export type AssetName = keyof typeof TYPES;

export interface Asset {
  /** File name with the hash of the content in it, so that it may be kept for ever. */
  readonly file: string;
  readonly mediaType: string;
  readonly content: string;
}

function load(name: AssetName): Asset {
  const content = readFileSync(join(import.meta.dirname, 'assets', name), 'utf8');
  const [stem, extension] = name.split('.');
  return { file: `${stem}.${sha256(content).slice(0, 12)}.${extension}`, mediaType: TYPES[name], content };
}

/** The files that every page needs, in order of name. */
export const ASSETS: Readonly<Record<AssetName, Asset>> = {
  'check.js': load('check.js'),
  'copy.js': load('copy.js'),
  'mark.svg': load('mark.svg'),
  'search.js': load('search.js'),
  'style.css': load('style.css'),
};

/** File name of an asset under `assets/`. */
export function assetFile(name: AssetName): string {
  return ASSETS[name].file;
}
