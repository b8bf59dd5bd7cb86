import { crawlRegistry } from '../registry-list.ts';
import { homeOf, type Source } from '../source.ts';

/** Ten requests a second are answered. */
const politeness = { concurrency: 1, interval: 150 };

export default {
  id: 'github-registry',
  title: 'GitHub MCP Registry',
  terms:
    'Listings of the GitHub MCP Registry (github.com/mcp); no terms of its own are published, facts only are taken.',
  can: { sweep: true, recent: true },
  politeness,
  discover: (options) => {
    const home = homeOf(options.settings, 'github-registry', 'https://api.mcp.github.com');
    return crawlRegistry({ source: 'github-registry', home, politeness }, options);
  },
} satisfies Source;
