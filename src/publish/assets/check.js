// Reads a pasted configuration, keeps of it what names packages and addresses, and asks only for that.
(() => {
  const form = document.getElementById('check');
  if (!form) return;
  const paste = document.getElementById('paste');
  const kept = document.getElementById('kept');
  const answer = document.getElementById('answer');
  const { api, lookup, root } = form.dataset;
  form.hidden = false;

  /** JSON with comments and commas at the end, as editors allow them. */
  function parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      const bare = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string) => string ?? '');
      return JSON.parse(bare.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string) => string ?? ''));
    }
  }

  /** Every entry that has a command or an address, with the name that its owner gave it. */
  function entriesOf(value, depth = 0, found = []) {
    if (value === null || typeof value !== 'object' || depth > 5 || found.length >= 200) return found;
    for (const [key, inner] of Object.entries(value)) {
      if (inner === null || typeof inner !== 'object') continue;
      if (['command', 'url', 'serverUrl', 'httpUrl'].some((word) => Object.hasOwn(inner, word)))
        found.push({ name: Array.isArray(value) ? String(inner.name ?? key) : key, entry: inner });
      else entriesOf(inner, depth + 1, found);
    }
    return found;
  }

  const NPM = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:@[\w.^~*-]+)?$/i;
  const PYPI = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?:\[[\w,-]+\])?(?:[=@]{1,2}[\w.*-]+)?$/i;
  const IMAGE = /^[a-z0-9][a-z0-9._/:-]*(?:@sha256:[0-9a-f]{64})?$/;
  const BRIDGES = /^(?:mcp-remote|mcp-proxy|supergateway)(?:@|$)/;
  /** How each launcher is called: options that take a value, and what names a package. */
  const LAUNCHERS = {
    npx: { kind: 'npm', takes: [], names: ['-p', '--package'], like: NPM },
    bunx: { kind: 'npm', takes: [], names: [], like: NPM },
    pnpm: { kind: 'npm', verbs: ['dlx', 'exec'], takes: [], names: [], like: NPM },
    yarn: { kind: 'npm', verbs: ['dlx'], takes: [], names: [], like: NPM },
    npm: { kind: 'npm', verbs: ['exec', 'x'], takes: [], names: [], like: NPM },
    uvx: { kind: 'pypi', takes: ['--python', '-p', '--with', '--index', '--index-url'], names: ['--from'], like: PYPI },
    pipx: { kind: 'pypi', verbs: ['run'], takes: ['--python'], names: ['--spec'], like: PYPI },
    docker: {
      kind: 'oci',
      verbs: ['run'],
      takes: [
        '-e',
        '--env',
        '-v',
        '--volume',
        '--mount',
        '-p',
        '--name',
        '--network',
        '--env-file',
        '-u',
        '-w',
        '--user',
      ],
      names: [],
      like: IMAGE,
    },
  };
  LAUNCHERS.podman = LAUNCHERS.docker;

  /** An address without who asks and what for: no name, no password, nothing behind the path. */
  function bareUrl(text) {
    const url = URL.canParse(String(text)) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) return undefined;
    return `${url.protocol}//${url.host}${url.pathname}`;
  }

  /** What of an entry is looked up: a launcher and one package, or an address. Everything else stays here. */
  function reduced(entry) {
    const address = [entry.url, entry.serverUrl, entry.httpUrl].map(bareUrl).find(Boolean);
    if (address) return { url: address };
    const given = entry.command !== null && typeof entry.command === 'object' ? entry.command : entry;
    const line = [given.command ?? given.path, ...(Array.isArray(given.args) ? given.args : [])].flatMap((word, at) =>
      at === 0 ? String(word ?? '').split(/\s+/) : [String(word)],
    );
    let at = line.findIndex((word) => baseOf(word) in LAUNCHERS);
    if (at < 0 || at > 3) return undefined;
    const program = baseOf(line[at++]);
    const { verbs = [], takes, names, like } = LAUNCHERS[program];
    const args = [];
    for (; at < line.length; at++) {
      const word = line[at];
      const [option, value] = word.startsWith('--') && word.includes('=') ? word.split(/=(.*)/s) : [word];
      if (names.includes(option)) return packageOf(program, args, value ?? line[at + 1] ?? '', like, []);
      if (takes.includes(option)) at += value === undefined ? 1 : 0;
      else if (verbs.includes(word) && args.length === 0) args.push(word);
      else if (!word.startsWith('-')) return packageOf(program, args, word, like, line.slice(at + 1));
    }
    return undefined;
  }

  function baseOf(word) {
    return String(word)
      .split(/[\\/]/)
      .at(-1)
      .replace(/\.(?:exe|cmd)$/i, '');
  }

  function packageOf(command, verbs, name, like, rest) {
    if (!like.test(name) || name.length > 200) return undefined;
    const further = BRIDGES.test(name) ? rest.map(bareUrl).filter(Boolean).slice(0, 1) : [];
    return { command, args: [...verbs, name, ...further] };
  }

  /** Under which addresses the index of a static site may have it. */
  function addressesOf({ url, command, args }) {
    const remote = url ?? (args.length > 1 ? args.find((word) => /^https?:/.test(word)) : undefined);
    if (remote) {
      const { protocol, host, pathname } = new URL(remote);
      return [`remote:${protocol}//${host}${pathname.replace(/\/+$/, '')}`];
    }
    const { kind } = LAUNCHERS[command];
    const name = args.at(-1);
    if (kind === 'npm')
      return [
        `purl:pkg:npm/${name
          .replace(/(?<=.)@.*$/, '')
          .replace(/^@/, '%40')
          .toLowerCase()}`,
      ];
    if (kind === 'pypi')
      return [
        `purl:pkg:pypi/${name
          .replace(/[[=@].*$/, '')
          .toLowerCase()
          .replace(/[-_.]+/g, '-')}`,
      ];
    return [];
  }

  let asked = [];
  function show() {
    answer.replaceChildren();
    let entries;
    try {
      entries = paste.value.trim() === '' ? [] : entriesOf(parse(paste.value));
    } catch {
      kept.textContent = 'This is not JSON yet.';
      asked = [];
      return;
    }
    asked = entries.map(({ name, entry }) => ({ name, wanted: reduced(entry) }));
    kept.textContent = asked
      .map(
        ({ name, wanted }) =>
          `${name}: ${wanted ? (wanted.url ?? [wanted.command, ...wanted.args].join(' ')) : 'starts something of its own; not looked up'}`,
      )
      .join('\n');
    if (asked.length === 0) kept.textContent = paste.value.trim() === '' ? '' : 'No server is named here.';
  }
  paste.addEventListener('input', show);

  async function ask() {
    const known = asked.map((one, at) => ({ ...one, key: `s${at}` })).filter(({ wanted }) => wanted);
    if (api) {
      const body = JSON.stringify({ mcpServers: Object.fromEntries(known.map(({ key, wanted }) => [key, wanted])) });
      const response = await fetch(api, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      if (!response.ok) throw new Error(`the catalogue answered ${response.status}`);
      const { entries, combinations } = await response.json();
      const found = new Map(entries.map((entry) => [entry.name, entry.server]));
      return {
        servers: asked.map(({ name }, at) => {
          const server = found.get(`s${at}`);
          return { name, server: server && { ...server, page: root + server.page.slice(1) } };
        }),
        combinations: combinations.map(({ legs, ...one }) => ({
          ...one,
          legs: legs.map(({ title, tools }) => ({
            title,
            servers: [...new Set(tools.map(({ server }) => server.slug))],
          })),
        })),
      };
    }
    const servers = await Promise.all(
      asked.map(async ({ name, wanted }) => ({ name, server: wanted && (await fromIndex(addressesOf(wanted))) })),
    );
    return { servers, combinations: together(servers.flatMap(({ server }) => server ?? [])) };
  }

  async function fromIndex(addresses) {
    for (const address of addresses) {
      const response = await fetch(`${lookup}${shardOf(address)}.json`);
      const entry = response.ok ? (await response.json())[address] : undefined;
      if (!entry) continue;
      const [slug, displayName, page, toolCount, byRisk, legs] = entry;
      const words = ['low', 'medium', 'high', 'critical'];
      return {
        slug,
        displayName,
        page,
        toolCount,
        risk: words.findLast((_, at) => byRisk[at] > 0),
        byRisk: Object.fromEntries(words.map((word, at) => [word, byRisk[at]])),
        legs,
      };
    }
    return undefined;
  }

  /** FNV-1a over UTF-16 units, as the index is cut. */
  function shardOf(address) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193) >>> 0;
    return (hash & 0xff).toString(16).padStart(2, '0');
  }

  function together(servers) {
    const table = JSON.parse(document.getElementById('combinations').textContent);
    return table.flatMap(({ title, why, legs }) => {
      const filled = legs.map((leg) => ({
        title: leg.title,
        servers: servers.filter((one) => one.legs.includes(leg.key)).map(({ slug }) => slug),
      }));
      if (filled.some((leg) => leg.servers.length === 0)) return [];
      const alone = servers.some(({ slug }) => filled.every((leg) => leg.servers.includes(slug)));
      return [{ title, why, across: !alone, legs: filled }];
    });
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function shown({ servers, combinations }) {
    const rows = servers.map(({ name, server }) => {
      if (!server)
        return element(
          'li',
          {},
          element('div', {}, element('b', { dir: 'auto' }, name)),
          element('p', { class: 'badges' }, 'Not in the catalogue'),
        );
      const link = element('a', { href: server.page }, server.displayName);
      const risk = server.risk
        ? element('span', { class: `badge risk ${server.risk}` }, `up to ${server.risk} risk`)
        : '';
      const count = ['critical', 'high'].flatMap((word) =>
        server.byRisk[word] > 0 ? [`${server.byRisk[word]} ${word}`] : [],
      );
      const said = `${server.toolCount} tools${count.length > 0 ? `: ${count.join(', ')}` : ''}`;
      return element(
        'li',
        {},
        element('div', {}, element('b', { dir: 'auto' }, name), ' is ', link),
        element('p', { class: 'badges' }, risk, element('span', { class: 'quiet' }, said)),
      );
    });
    const dangers = combinations.map(({ title, why, across, legs }) =>
      element(
        'li',
        {},
        element('b', {}, title),
        ` ${why} ${across ? 'No server makes it alone; these do together.' : 'One of the servers makes it alone.'}`,
        element('ul', {}, ...legs.map((leg) => element('li', {}, `${leg.title}: ${leg.servers.join(', ')}`))),
      ),
    );
    answer.replaceChildren(
      element('h2', { tabindex: '-1' }, 'What the catalogue says'),
      element('ul', { class: 'servers' }, ...rows),
      element('h2', {}, 'What all of them can do together'),
      dangers.length > 0
        ? element('ul', {}, ...dangers)
        : element('p', {}, 'No toxic combination is known of those that were found.'),
    );
    answer.querySelector('h2').focus();
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    show();
    if (asked.length === 0) return;
    try {
      shown(await ask());
    } catch (error) {
      answer.replaceChildren(element('p', { class: 'note' }, `That did not work: ${error.message}.`));
    }
  });
})();
