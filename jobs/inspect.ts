import { inspectionText } from '#job/inspection.ts';
import type { Job } from '#job/job.ts';
import { sandbox } from '#job/options.ts';
import { inspect, inspectionJson } from '#pipeline/inspect.ts';

export default {
  id: 'inspect',
  about: 'One server end to end, nothing stored, every decision printed',
  args: [{ name: '<spec>', about: 'npm:NAME or npm:NAME@VERSION' }],
  options: [sandbox],
  examples: ['npm run --silent plimsoll -- inspect npm:@modelcontextprotocol/server-memory --json'],
  async run(call) {
    const inspection = await inspect(call, call.args[0]!, { sandbox: call.options.sandbox as string | undefined });
    call.out(call.json ? `${JSON.stringify(inspectionJson(inspection), null, 2)}\n` : inspectionText(inspection));
    return inspection.server.tools.length > 0 ? undefined : 1;
  },
} satisfies Job;
