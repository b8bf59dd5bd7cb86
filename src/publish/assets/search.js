// Looks for tools and servers in the index that lies beside the pages of a static site.
(() => {
  const found = document.getElementById('found');
  if (!found) return;
  const { index, root } = found.dataset;
  const MOST = 100;
  const shards = new Map();

  function shard(word) {
    const id = /^[a-z0-9]{2}/.exec(word)?.[0] ?? 'other';
    if (!shards.has(id))
      shards.set(
        id,
        fetch(`${index}${id}.json`).then((response) =>
          response.ok ? response.json() : { names: [], servers: [], words: {}, common: [] },
        ),
      );
    return shards.get(id);
  }

  function wordsOf(text) {
    return text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 1)
      .slice(0, 8);
  }

  /**
   * Everything under words that begin so, by its own text; exact words count before beginnings. Of a common word the index
   * holds a part only.
   */
  async function matches(word) {
    const { names, servers, words, common } = await shard(word);
    const all = new Map();
    for (const [key, list] of Object.entries(words)) {
      if (!key.startsWith(word)) continue;
      for (const at of list) {
        const entry = at < 0 ? { server: servers[-1 - at] } : { name: names[at] };
        const id = JSON.stringify(entry);
        all.set(id, { ...entry, score: Math.max(all.get(id)?.score ?? 0, key === word ? 2 : 1) });
      }
    }
    return { all, whole: !common.some((key) => key.startsWith(word)) };
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function row(address, text, isCode, note) {
    const label = isCode ? element('code', {}, element('bdi', {}, text)) : element('bdi', {}, text);
    return element(
      'li',
      {},
      element('div', {}, element('a', { href: address }, label), ' ', element('span', { class: 'quiet' }, note)),
    );
  }

  function folded(name) {
    return [...name]
      .slice(0, 250)
      .join('')
      .replace(/[-_. /:]/g, '')
      .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  async function look(text) {
    const words = wordsOf(text);
    if (words.length === 0) {
      found.replaceChildren(element('p', {}, 'Write a word or two.'));
      return;
    }
    const lists = await Promise.all(words.map(matches));
    // What every list must have is told by those that are whole, where there are any.
    const whole = lists.filter((list) => list.whole);
    const must = (whole.length > 0 ? whole : lists).map(({ all }) => all);
    const hits = [...must[0]].flatMap(([id, hit]) => {
      if (!must.every((all) => all.has(id))) return [];
      return [{ ...hit, score: lists.reduce((sum, { all }) => sum + (all.get(id)?.score ?? 0), 0) }];
    });
    hits.sort((a, b) => b.score - a.score || (b.name?.[1] ?? 0) - (a.name?.[1] ?? 0) || weigh(a) - weigh(b));
    const names = hits.filter(({ name }) => name);
    const servers = hits.filter(({ server }) => server);
    const parts = [];
    if (servers.length > 0)
      parts.push(
        element('h2', {}, 'Servers'),
        element(
          'ul',
          { class: 'tools' },
          ...servers
            .slice(0, 20)
            .map(({ server: [name, slug, path] }) => row(`${root}servers/${path ?? slug}/`, name, false, slug)),
        ),
      );
    parts.push(element('h2', {}, 'Tools by name'));
    parts.push(
      names.length === 0
        ? element('p', {}, 'No tool is named so.')
        : element(
            'ul',
            { class: 'tools' },
            ...names
              .slice(0, MOST)
              .map(({ name: [name, count, file] }) =>
                row(
                  `${root}names/${file ?? folded(name)}.html`,
                  name,
                  true,
                  `${count} server${count === 1 ? '' : 's'}`,
                ),
              ),
          ),
    );
    if (names.length > MOST) parts.push(element('p', { class: 'quiet' }, `The best ${MOST} of ${names.length}.`));
    found.replaceChildren(...parts);
  }

  function weigh({ name, server }) {
    return (name ?? server)[0].length;
  }

  function search() {
    look(input.value).catch(() =>
      found.replaceChildren(element('p', { class: 'note' }, 'The index could not be read.')),
    );
  }

  const form = document.querySelector('.wide-search');
  const input = form.querySelector('input');
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    history.replaceState(null, '', `?q=${encodeURIComponent(input.value)}`);
    search();
  });
  if (input.value.trim() !== '') search();
  else found.replaceChildren(element('p', { class: 'quiet' }, 'Looks at the names of tools and servers.'));
})();
