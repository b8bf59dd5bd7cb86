import { crawlRegistry } from '../registry-list.ts';
import type { Source } from '../source.ts';

const politeness = { concurrency: 1, interval: 100 };

export default {
  id: 'registry',
  title: 'Official MCP Registry',
  terms: 'Data from the Official MCP Registry (registry.modelcontextprotocol.io), CC0 1.0.',
  can: { sweep: true, recent: true },
  politeness,
  discover: (options) => {
    const home = `${options.settings.registryUrl.replace(/\/+$/, '')}/`;
    return crawlRegistry({ source: 'registry', home, politeness }, options);
  },
} satisfies Source;
