/** A word in any case, for readers of patterns that know no flags. */
const anyCase = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
const anyOf = (...words: readonly string[]) => `(${words.map(anyCase).join('|')})`;

/** A text that a pattern is to take as it is. */
export const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const PRIVATE_RANGES = [
  ...['127\\.', '10\\.', '0\\.', '169\\.254\\.', '192\\.168\\.', '172\\.(1[6-9]|2[0-9]|3[01])\\.'],
  '100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.',
];
/** An IPv4 address that is written as one number, or in another base. */
const ODD_ADDRESS = '(0[Xx][0-9A-Fa-f]+|[0-9]+|0[0-9]+(\\.[0-9]+){1,3})';
const END_OF_HOST = '\\.?(:[0-9]*)?([/?#\\\\]|\\s|$)';

/**
 * Addresses of this machine, of its network and of the services that hand out a cloud machine's credentials, with or
 * without a scheme. What a name leads to is not known here.
 */
export const INNER_HOST = `^\\s*(${anyCase('file')}:|([A-Za-z][A-Za-z0-9+.-]*:)?[/\\\\]*([^/?#@\\\\]*@)?(([^/?#@:\\\\]*\\.)?${anyOf('localhost', 'local', 'internal')}${END_OF_HOST}|${PRIVATE_RANGES.join('|')}|${ODD_ADDRESS}${END_OF_HOST}|\\[))`;

/** Where secrets and the system lie, and the way upwards. */
export const SECRET_PLACE =
  '(^|[/\\\\])(\\.ssh|\\.aws|\\.azure|\\.gnupg|\\.kube|\\.docker|\\.netrc|\\.npmrc|\\.pypirc|\\.pgpass|\\.git-credentials|\\.env|id_rsa|id_ecdsa|id_ed25519)([/\\\\.]|$)|^/(etc|proc|sys|dev|root|boot)(/|$)|(^|[/\\\\])\\.\\.([/\\\\]|$)';

/** A path that leads upwards. */
export const UPWARDS = '(^|/)\\.\\.(/|$)';

export const READ_ONLY_SQL = `^\\s*${anyOf('select', 'show', 'describe', 'explain', 'with')}\\b`;

/** Words that change something from within a statement that begins like a question, and a second statement. */
export const CHANGING_SQL = `;\\s*\\S|\\b(${[
  ...['insert', 'update', 'delete', 'drop', 'truncate', 'alter', 'create', 'grant', 'merge', 'into', 'call', 'copy'],
]
  .map(anyCase)
  .join('|')}|${anyCase('analy')}[ZzSs][Ee])\\b`;

/** Addresses below some hosts; `*.` stands for every name in front. */
export function belowHosts(hosts: readonly string[]): string {
  return `^https?://(${names(hosts, '[^/?#@:]+')})(:[0-9]+)?([/?#]|$)`;
}

/** Paths at or below some folders. */
export function belowFolders(folders: readonly string[]): string {
  return `^(${folders.map((folder) => literal(folder.replace(/\/+$/, ''))).join('|')})(/|$)`;
}

/** Mail addresses of some domains only, one or several. */
export function atDomains(domains: readonly string[]): string {
  const address = `[^@,;\\s<>]+@(${names(domains, '[^@,;\\s]+')})`;
  return `^\\s*${address}(\\s*[,;]\\s*${address})*\\s*$`;
}

function names(hosts: readonly string[], before: string): string {
  return hosts
    .map((host) => (host.startsWith('*.') ? `(${before}\\.)?${literal(host.slice(2))}` : literal(host)))
    .join('|');
}
