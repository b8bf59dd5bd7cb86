import { sha256 } from '#core/hash.ts';

/**
 * How often a server is listed, in 10,000: the shares that the 14,246 listings of ../shared/registries had on
 * 21 November 2026, as the other numbers here: 99 % name a repository, 2 % a folder, 17 % a package, 3 % a remote, 3 % a
 * registry name; a listing has 440 characters of JSON; one in twenty shares its text with others; one repository in
 * 2,600 holds a crowd of servers.
 */
const TIMES = [7703, 1787, 234, 166, 71, 26, 9, 2, 2] as const;
const SOURCES = ['tensorblock', 'toolsdk', 'awesome', 'mcpm', 'docker', 'registry', 'npm', 'github', 'pypi'] as const;
const CROWD = 2_600;
const TOLD =
  'Facilitates what an agent needs of a service: reading, searching and changing records, with a key of the user. ';

/** The listings of so many servers, source by source, each as the line of JSON that a source would send. */
export function* listings(count: number): Generator<{ readonly source: string; readonly line: string }> {
  for (const [nth, source] of SOURCES.entries())
    for (let given = 0, server = 0; given < count; server++) {
      const times = timesOf(server);
      given += times;
      if (times > nth) yield { source, line: line(source, server) };
    }
}

/** How often a server is listed; the same whoever asks. */
function timesOf(server: number): number {
  let left = Number.parseInt(sha256(`times ${server}`).slice(0, 6), 16) % 10_000;
  for (const [i, share] of TIMES.entries()) {
    if (left < share) return i + 1;
    left -= share;
  }
  return 1;
}

function line(source: string, server: number): string {
  const chance = Number.parseInt(sha256(`kind ${server}`).slice(0, 6), 16) % 1_000;
  const inCrowd = server % CROWD < 10;
  const owner = `owner-${inCrowd ? Math.floor(server / CROWD) : Math.floor(server / 3)}`;
  const name = inCrowd ? 'servers' : `service-${server}-mcp`;
  const folder = inCrowd || chance < 20 ? `src/service-${server}` : undefined;
  const isPackage = chance < 170;
  const text = chance % 20 === 0 ? TOLD : `Service ${server}, as ${source} tells of it. ${TOLD}`;
  return JSON.stringify({
    source,
    listing: `${source}-${owner}-${server}`,
    name: `service-${server}`,
    ...(source === 'registry' && { registryName: `io.github.${owner}/service-${server}` }),
    title: `Service ${server}`,
    description: text,
    homepage: `https://service-${server}.example.org/docs`,
    repository: { url: `https://github.com/${owner}/${name}`, ...(folder && { subfolder: folder }) },
    packages: isPackage
      ? [{ purl: `pkg:npm/%40${owner}/service-${server}`, env: [{ name: 'API_KEY', secret: true }] }]
      : [],
    remotes: chance >= 970 ? [{ type: 'streamable-http', url: `https://service-${server}.example.org/mcp` }] : [],
    status: 'active',
  });
}
