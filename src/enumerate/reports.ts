import { type Readable, Transform } from 'node:stream';
import type { Egress } from '#domain/launch.ts';

/** What aids told while a server ran. The server can forge or drop any of it: a record, and nothing rests on it. */
export interface Reports {
  readonly egress: readonly Egress[];
  /** Whether it listens for connections inside the sandbox. */
  readonly listens: boolean;
  /** The host to which it wants to pass on what it is asked, where it is a mere proxy. */
  readonly proxy?: string;
}

/** Between these marks stands one report: see `inside/outward.cjs`. */
const MARK = 0x1e;
const REPORT = /^plimsoll-(egress|listens|proxy) ([\w.:%-]{1,255})(?: (\d{1,5}))? ?$/;
const LONGEST = 400;
/** Reports taken out; what comes beyond is output like any other, and counts as such. */
const MOST_REPORTS = 200;
const MOST_HOSTS = 50;

/** Takes the reports of aids out of a server's standard error; the rest passes as it is. */
export function readReports(stderr: Readable): { readonly rest: Readable; reports(): Reports } {
  const egress = new Map<string, Egress>();
  let [taken, listens, trailing, held] = [0, false, false, Buffer.alloc(0)];
  let proxy: string | undefined;

  /** Whether it was a report. */
  const take = (text: string): boolean => {
    const [, what, host, port] = (taken < MOST_REPORTS && REPORT.exec(text)) || [];
    if (what === undefined || host === undefined) return false;
    taken++;
    if (what === 'listens') listens = true;
    else if (what === 'proxy') proxy ??= host;
    else if (egress.size < MOST_HOSTS) egress.set(`${host} ${port ?? ''}`, reached(host, port));
    return true;
  };
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const passed: Buffer[] = [];
      let bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      const endLine = () => {
        if (trailing && bytes[0] === 10) bytes = bytes.subarray(1);
        trailing &&= bytes.length === 0;
      };
      endLine();
      for (let start = bytes.indexOf(MARK); start !== -1; start = bytes.indexOf(MARK)) {
        passed.push(bytes.subarray(0, start));
        bytes = bytes.subarray(start);
        const end = bytes.indexOf(MARK, 1);
        if (end === -1 && bytes.length <= LONGEST) break;
        if (end !== -1 && end <= LONGEST && take(bytes.toString('utf8', 1, end))) {
          bytes = bytes.subarray(end + 1);
          trailing = true;
          endLine();
        } else {
          passed.push(bytes.subarray(0, 1));
          bytes = bytes.subarray(1);
        }
      }
      const waits = bytes[0] === MARK;
      if (!waits) passed.push(bytes);
      held = Buffer.from(waits ? bytes : []);
      const more = Buffer.concat(passed);
      if (more.length > 0) this.push(more);
      done();
    },
    flush(done) {
      if (held.length > 0) this.push(held);
      done();
    },
  });
  stderr.pipe(rest);
  return {
    rest,
    reports: () => ({ egress: distinct([...egress.values()]), listens, ...(proxy !== undefined && { proxy }) }),
  };
}

function reached(host: string, port: string | undefined): Egress {
  const number = Number(port);
  return number > 0 && number < 65_536 ? { host, port: number } : { host };
}

/** Looking a name up comes before connecting to it: one is told where both are known. */
function distinct(egress: readonly Egress[]): readonly Egress[] {
  const connected = new Set(egress.filter(({ port }) => port !== undefined).map(({ host }) => host));
  return egress.filter(({ host, port }) => port !== undefined || !connected.has(host));
}
