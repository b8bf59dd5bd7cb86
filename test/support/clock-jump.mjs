// Loaded into a worker whose clock is wrong and jumps, as by `date -s`: `--import clock-jump.mjs?OFFSET,JUMP,AFTER`, all in
// milliseconds. Timers go on as they do then: the kernel's monotonic clock does not jump.
const [offset, jump, after] = new URL(import.meta.url).search.slice(1).split(',').map(Number);
const Real = Date;
const loaded = performance.now();
const now = () => Real.now() + offset + (performance.now() - loaded > after ? jump : 0);

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
  static now = now;
};
