// Publishes a catalogue once, in a process of its own: `site.ts DATABASE_URL FOLDER`. Prints one JSON line.

import { readSettings } from '#config.ts';
import { publish } from '#pipeline/publish.ts';
import { openStore } from '#store/engine/open.ts';

const [url, folder] = process.argv.slice(2);
await using store = await openStore({ url, home: '/nonexistent' });
const settings = readSettings({ PLIMSOLL_PUBLIC_URL: 'https://catalogue.example' });
const stop = new AbortController().signal;
const began = performance.now();
const did = await publish({ store, settings, stop, blocked: new Map() }, folder, { report() {}, say() {} });
const ms = performance.now() - began;
const { user, system } = process.cpuUsage();
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ...did, ms, cpu: (user + system) / 1000, megabytes }));
