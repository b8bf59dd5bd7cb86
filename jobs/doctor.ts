import { visibleLine } from '#core/visible.ts';
import type { Job } from '#job/job.ts';
import { examine } from '#pipeline/doctor.ts';

const MISSING = 3;

export default {
  id: 'doctor',
  about: 'What this machine has and lacks: runtime, database, sandboxes, sources, tokens, dead letters',
  async run(call) {
    const { findings, sandboxes, dead } = await examine(call, process.env);
    if (call.json) call.out(`${JSON.stringify({ findings, sandboxes, dead })}\n`);
    else {
      for (const one of findings) {
        call.out(
          `${one.ok ? 'ok   ' : one.needed ? 'FAIL ' : 'warn '} ${one.what.padEnd(20)} ${visibleLine(one.found)}\n`,
        );
        if (one.advice) call.out(`      ${''.padEnd(20)} ${one.advice}\n`);
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
    return findings.some((one) => one.needed && !one.ok) ? MISSING : undefined;
  },
} satisfies Job;
