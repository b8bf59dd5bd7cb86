import { sha256 } from '#core/hash.ts';
import { parsePurl } from '#core/purl.ts';
import type { Server } from '#domain/server.ts';
import { ownerOf, placeOf } from './place.ts';

/** Shorter texts are alike by chance. */
const TELLING = 60;
const MOST_WORDS = 8;
const COMMON = /^(mcp|servers?|js|ts|py|python|node|remote|www|api|com|org|net|io|ai|dev|app)$/;
/** Shorter names are a letter from another by chance, and shorter owners are part of another. */
const SHORTEST = 8;
const SHORTEST_OWNER = 4;

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
 * owner; or one text together with a telling word of the name, since templates leave their text in whatever is made
 * from them. A few for each server, so that finding the servers like one costs the same however many there are.
 */
export function likenessOf(server: Server): readonly string[] {
  const folder = server.repository && placeOf(server.repository)?.subfolder;
  const named = ownedNames(server).map((one) => {
    // A repository of several servers names none of them; its folder does.
    const isShared = one.kind === 'repository' && folder !== undefined;
    return { ...one, words: wordsOf(isShared ? folder : one.name) };
  });
  const owned = named.flatMap(({ name, owner, words }) => {
    const [account = ''] = owner.split('/').reverse();
    const bare = words.toSorted().join('-');
    return bare.length >= 3 && account !== name ? [`name:${account.replace(/^@/, '')}/${bare}`] : [];
  });
  const words = named.length > 0 ? named.flatMap((one) => one.words) : wordsOf(server.name.replaceAll('/', ' '));
  const text = (server.description ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const hash = text.length >= TELLING ? sha256(text).slice(0, 32) : undefined;
  const told = hash === undefined ? [] : words.slice(0, MOST_WORDS).map((word) => `text:${hash}/${word}`);
  return [...new Set([...owned, ...told])].sort();
}

/** What two servers that share a key have in common. */
export function likenessIn(key: string): string {
  const last = key.slice(key.lastIndexOf('/') + 1);
  return key.startsWith('text:')
    ? `the same description, and “${last}” in its name`
    : `nearly the same name, of ${key.slice(5, key.lastIndexOf('/'))}`;
}

/** The last part of a name in words, without those that every server's name has. */
function wordsOf(name: string): readonly string[] {
  const [last = ''] = name.toLowerCase().split('/').reverse();
  return last.split(/[^\p{L}\p{N}]+/u).filter((word) => word && !COMMON.test(word));
}

/** Why a name may be taken for another of its kind that belongs to another owner; undefined where it hardly may. */
export function lookAlike(one: OwnedName, known: OwnedName): string | undefined {
  if (one.kind !== known.kind || one.name === known.name || one.owner === known.owner) return undefined;
  if (known.name.length < SHORTEST) return undefined;
  if (skeleton(one.name) === skeleton(known.name)) return 'is spelled like';
  if (isOneApart(one.name, known.name)) return 'differs by one character from';
  return isUnderLongerOwner(one, known) ? 'has, under an owner whose name holds its owner’s, the name of' : undefined;
}

/** `@acme-official/server` beside `@acme/server`. The same name alone says nothing: half of them are the product's. */
function isUnderLongerOwner(one: OwnedName, known: OwnedName): boolean {
  const [name, account] = lastTwo(one);
  const [knownName, knownAccount] = lastTwo(known);
  if (name !== knownName || knownAccount.length < SHORTEST_OWNER || account === knownAccount) return false;
  return account.startsWith(knownAccount) || account.endsWith(knownAccount);
}

function lastTwo({ name, owner }: OwnedName): readonly [name: string, account: string] {
  const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return [lastOf(name), lastOf(owner).replace(/^@/, '')];
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
