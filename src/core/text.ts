import { stripVTControlCharacters } from 'node:util';

const LONGEST = 4000;
/** Shapes in which credentials come: prefixed tokens, JSON web tokens, private keys, passwords in addresses, long random words. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g, '[token]'],
  [
    /\b(sk|pk|rk|ghp|gho|ghu|ghs|ghr|glpat|xox[abprs]|npm|pypi|hf|shpat|dop_v1|sntry[su]|AKIA|ASIA|AIza)[-_]?[\w-]{12,}/g,
    '[token]',
  ],
  [/\bgithub_pat_\w{20,}/g, '[token]'],
  [/(:\/\/[^\s:/@]*:)[^\s@/]+@/g, '$1[password]@'],
  [
    /\b(authorization|bearer|password|passwd|secret|token|api[-_]?key)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?(?!\[)[^\s"',;]{6,}/gi,
    '$1$2[secret]',
  ],
  [/\b(bearer)\s+[\w.~+/-]{12,}=*/gi, '$1 [secret]'],
  [/\b[0-9a-f]{32,}\b/gi, '[hex]'],
  [/\b(?=[\w+/]*\d)(?=[\w+/]*[a-z])(?=[\w+/]*[A-Z])[\w+/]{32,}={0,2}/g, '[token]'],
];

/**
 * What a stranger's program wrote to a person, made fit to be kept and shown: escape sequences and control characters
 * out, this machine's `paths` replaced by what stands for them, everything that looks like a credential removed, and
 * no more than its last 4,000 characters.
 */
export function scrub(text: string, paths: readonly (readonly [path: string, name: string])[] = []): string {
  let clean = stripVTControlCharacters(text.toWellFormed())
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '');
  for (const [path, name] of paths) if (path !== '') clean = clean.replaceAll(path, name);
  for (const [shape, name] of SECRETS) clean = clean.replace(shape, name);
  return clean.trim().slice(-LONGEST);
}
