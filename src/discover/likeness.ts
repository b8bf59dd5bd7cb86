import { sha256 } from '#core/hash.ts';
import { parsePurl } from '#core/purl.ts';
import type { Server } from '#domain/server.ts';
import { ownerOf, placeOf } from './place.ts';

/** Shorter texts are alike by chance. */
const TELLING = 60;
/** Shorter names are a letter from another by chance. */
const SHORTEST = 8;

/** A name under which a server is known, and whose it is. */
export interface OwnedName {
  /** Names are compared within one kind. */
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
}

/** The package names and the repository of a server. */
export function ownedNames({ packages, repository }: Pick<Server, 'packages' | 'repository'>): readonly OwnedName[] {
  const place = repository && placeOf(repository);
  const named = packages.flatMap(({ purl }) => {
    const parsed = parsePurl(purl);
    if (!parsed) return [];
    const slash = parsed.name.lastIndexOf('/');
    const owner = slash > 0 ? parsed.name.slice(0, slash) : place ? ownerOf(place) : parsed.name;
    return [{ kind: parsed.type as string, name: parsed.name, owner }];
  });
  return place ? [...named, { kind: 'repository', name: place.repository, owner: ownerOf(place) }] : named;
}

/**
 * Keys of which two servers share one where they are alike: a name without the words that every server has, with one
 * owner; or one text. A few for each server, so that finding the servers like one costs the same however many there are.
 */
export function likenessOf(server: Server): readonly string[] {
  const owned = ownedNames(server).flatMap(({ name, owner }) => {
    const [account = ''] = owner.split('/').reverse();
    const bare = bareName(name);
    return bare.length >= 3 && account !== name ? [`name:${account.replace(/^@/, '')}/${bare}`] : [];
  });
  const text = (server.description ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return [...new Set([...owned, ...(text.length >= TELLING ? [`text:${sha256(text).slice(0, 32)}`] : [])])].sort();
}

/** What two servers that share a key have in common. */
export function likenessIn(key: string): string {
  return key.startsWith('text:')
    ? 'the same description'
    : `nearly the same name, of ${key.slice(5, key.lastIndexOf('/'))}`;
}

/** The last part of a name without the words that every server's name has, in order. */
function bareName(name: string): string {
  const [last = ''] = name.toLowerCase().split('/').reverse();
  const words = last
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word && !/^(mcp|servers?|js|ts|py|python|node)$/.test(word));
  return words.sort().join('-');
}

/** Why a name may be taken for another of its kind that belongs to another owner; undefined where it hardly may. */
export function lookAlike(one: OwnedName, known: OwnedName): string | undefined {
  if (one.kind !== known.kind || one.name === known.name || one.owner === known.owner) return undefined;
  if (known.name.length < SHORTEST) return undefined;
  if (skeleton(one.name) === skeleton(known.name)) return 'is spelled like';
  return isOneApart(one.name, known.name) ? 'differs by one character from' : undefined;
}

/** Characters that look alike, as the one that they look like. */
const CONFUSED: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', i: 'l', '|': 'l', 5: 's', а: 'a', е: 'e', о: 'o' };
for (const [cyrillic, latin] of [...'рpсcуyхxіlкkмmтtвbнh'.matchAll(/(.)(.)/gu)].map(([, a, b]) => [a!, b!] as const))
  (CONFUSED as Record<string, string>)[cyrillic] = latin;

/** A name as a hasty reader sees it. */
function skeleton(name: string): string {
  const plain = [...name.toLowerCase().normalize('NFKC')].map((char) => CONFUSED[char] ?? char).join('');
  return plain
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[-_.]+/g, '-');
}

/** Whether one character more, less, other, or two changed places, makes one of the other. */
function isOneApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const rest = (text: string, from: number) => text.slice(at + from);
  const swapped = a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2);
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1) || swapped;
}
