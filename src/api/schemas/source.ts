import { z } from '@hono/zod-openapi';
import { count, instant } from './common.ts';

export const SourceList = z
  .strictObject({
    sources: z.array(
      z.strictObject({
        id: z.string(),
        lastTried: instant.optional(),
        lastGood: instant.optional().openapi({ description: 'When it was last asked and answered' }),
        error: z.string().optional().openapi({ description: 'Why the last pass did not come through' }),
        listings: count.optional().openapi({ description: 'How many it had when it was last read to its end' }),
        sweptAt: instant.optional().openapi({ description: 'When it was last read to its end' }),
      }),
    ),
  })
  .openapi('SourceList');
