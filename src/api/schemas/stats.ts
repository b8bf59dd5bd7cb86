import { z } from '@hono/zod-openapi';
import { OUTCOMES } from '#domain/launch.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { count } from './common.ts';

export const Stats = z
  .strictObject({
    servers: count,
    tools: count,
    byOutcome: z.partialRecord(z.enum([...OUTCOMES, 'unvisited']), count),
    byCategory: z.record(z.enum(CATEGORIES), count),
    byRisk: z.record(z.enum(RISKS), count),
    unassessed: count,
    static: count.openapi({ description: 'Tools known from a package’s source only' }),
  })
  .openapi('Stats');

export const Health = z.strictObject({ status: z.literal('ok') }).openapi('Health');
