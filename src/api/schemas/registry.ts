import { z } from '@hono/zod-openapi';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { count, instant, open } from './common.ts';

const OurMeta = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    outcome: z.string(),
    toolCount: count,
    risk: z.enum(RISKS).optional().openapi({ description: 'The highest among its tools' }),
    byCategory: z.record(z.enum(CATEGORIES), count),
    byRisk: z.record(z.enum(RISKS), count),
    unassessed: count,
    combinations: z.array(z.string()).openapi({ description: 'Toxic combinations that its tools make' }),
    listedAt: instant.optional(),
    policy: z.string().openapi({ description: 'Path of its recommended policy' }),
    page: z.string().openapi({ description: 'Path of its page' }),
  })
  .openapi('RegistryVerdict');

export const RegistryEntry = z
  .strictObject({
    server: open.openapi({ description: 'A server.json; its texts are strangers’' }),
    _meta: z.strictObject({ 'io.github.plimsoll/verdict': OurMeta }),
  })
  .openapi('RegistryEntry');

export const RegistryList = z
  .strictObject({
    servers: z.array(RegistryEntry),
    metadata: z.strictObject({ count, nextCursor: z.string().optional() }),
  })
  .openapi('RegistryList');
