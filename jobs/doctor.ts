import { visibleLine } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { examine } from '#pipeline/doctor.ts';

const WRONG = 1;
const MISSING = 3;

export default {
  id: 'doctor',
  about: 'What is wrong, since when and what helps: database, queue, nights, sources, disk, sandboxes, tokens',
  async run(call) {
    const { findings, sandboxes, dead } = await examine(call, process.env);
    if (call.json) call.out(`${JSON.stringify({ findings, sandboxes, dead })}\n`);
    else {
      const wide = Math.max(...findings.map(({ what }) => what.length));
      for (const one of findings) {
        call.out(
          `${one.ok ? 'ok   ' : one.needed ? 'FAIL ' : one.wrong ? 'WRONG' : 'warn '} ${one.what.padEnd(wide)} ${visibleLine(one.found)}\n`,
        );
        if (one.since)
          call.out(`      ${''.padEnd(wide)} since ${one.since.toISOString().slice(0, 16).replace('T', ' ')} UTC\n`);
        if (one.advice) call.out(`      ${''.padEnd(wide)} ${one.advice}\n`);
        if (one.command) call.out(`      ${''.padEnd(wide)} → ${one.command}\n`);
      }
      for (const one of sandboxes) {
        call.out(`\nSandbox ${one.id}: ${one.usable ? 'usable' : `not usable: ${visibleLine(one.reason ?? '')}`}\n`);
        for (const check of one.checks)
          call.out(
            `  ${check.held ? (check.tested ? 'holds ' : 'stated') : 'OPEN  '}  ${check.name}: ${visibleLine(check.how)}\n`,
          );
      }
      if (dead.length > 0) call.out(`\nDead letters, jobs that failed too often:\n`);
      for (const one of dead) call.out(`  ${one.stage} ${visibleLine(one.subject)}: ${visibleLine(one.error)}\n`);
    }
    if (findings.some((one) => one.needed && !one.ok)) return MISSING;
    return findings.some((one) => one.wrong) ? WRONG : undefined;
  },
} satisfies Job;
