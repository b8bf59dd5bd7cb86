import type { z } from '@hono/zod-openapi';
import { egressOf, peakMemoryOf, type Visit } from '#domain/catalogue.ts';
import type { LaunchContext } from '#domain/launch.ts';
import type { Server } from '../schemas/server.ts';

/** A visit as the API shows it. */
export function visitView(visit: Visit): NonNullable<z.input<typeof Server>['visit']> {
  const { at, wants, rejections, context, attempts, prompts, resources, gates, authorization, ...rest } = visit;
  const peakMemory = peakMemoryOf(visit);
  return {
    ...rest,
    at: at.toISOString(),
    wants: [...wants],
    rejections: [...rejections],
    ...(prompts && { prompts: [...prompts] }),
    ...(resources && { resources: [...resources] }),
    ...(gates && { gates: gates.map((gate) => ({ ...gate, env: [...gate.env], args: [...gate.args] })) }),
    ...(authorization && {
      authorization: { servers: [...authorization.servers], scopes: [...authorization.scopes] },
    }),
    egress: [...egressOf(visit)],
    ...(peakMemory !== undefined && { peakMemory }),
    attempts: attempts.map(({ context: started, rung, outcome, phase, reason, toolCount, ms }) => ({
      rung,
      outcome,
      ...(phase && { phase }),
      ...(reason !== undefined && { reason }),
      envNames: [...started.envNames],
      args: [...started.args],
      ...(toolCount !== undefined && { toolCount }),
      ms,
    })),
    ...(context && { context: contextView(context) }),
  };
}

function contextView({ unheld, aids, ...context }: LaunchContext) {
  const lists = { args: [...context.args], envNames: [...context.envNames] };
  return { ...context, ...lists, ...(unheld && { unheld: [...unheld] }), ...(aids && { aids: [...aids] }) };
}
