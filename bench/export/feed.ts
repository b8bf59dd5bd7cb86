// Reads the feed of a catalogue once, in a process of its own: `feed.ts DATABASE_URL`. Prints one JSON line.
import { createApp } from '#api/app.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { openStore } from '#store/engine/open.ts';

const [url] = process.argv.slice(2);
await using store = await openStore({ url, home: '/nonexistent' });
const app = createApp(catalogueOf(store.db));
const read = async (query: string) => {
  const began = performance.now();
  const response = await app.request(`/v1/templates${query}`);
  let [first, bytes, lines] = [0, 0, 0];
  for await (const piece of response.body!) {
    first ||= performance.now() - began;
    bytes += piece.length;
    for (const byte of piece) if (byte === 10) lines++;
  }
  return { first, bytes, lines, ms: performance.now() - began, next: response.headers.get('plimsoll-next') };
};
const { lines: _, ...cold } = await read('?format=cedar');
const whole = await read('');
const rest = await read(`?since=${whole.next}`);
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ cold, whole, rest, megabytes }));
