import { z } from '@hono/zod-openapi';
import { CHANGE_KINDS } from '#domain/change.ts';
import { PROVENANCES } from '#domain/tool.ts';
import { instant, open, ServerRef } from './common.ts';

export const ChangeList = z
  .strictObject({
    changes: z.array(
      z.strictObject({
        visit: z.int().openapi({ description: 'Orders all changes; pass the last one as `since`' }),
        at: instant,
        server: ServerRef,
        tool: z.string(),
        kind: z.enum(CHANGE_KINDS).openapi({
          description:
            '`not-shown`: missing from a list made under other circumstances, which does not mean that it went',
        }),
        provenance: z.enum(PROVENANCES),
        initial: z.boolean().openapi({ description: 'The first list of this server: new to the catalogue only' }),
        before: open.optional().openapi({ description: 'The definition as it was; hostile data' }),
        after: open.optional().openapi({ description: 'The definition as it is; hostile data' }),
        versions: z.strictObject({ before: z.string().optional(), after: z.string().optional() }),
        diff: z.string().optional().openapi({
          description:
            'Of one tool’s history: a unified diff of both definitions; absent where nearly all of it differs',
        }),
      }),
    ),
    next: z.int().optional().openapi({ description: 'The `since` of the next page; absent at the end' }),
  })
  .openapi('ChangeList');
