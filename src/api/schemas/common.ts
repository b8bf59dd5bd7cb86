import { z } from '@hono/zod-openapi';

/** What the shapes of the API share. All are closed, so that a test sees a field that nobody described. */

export const instant = z.iso.datetime();
/** An object that a stranger or another schema shapes. */
export const open = z.record(z.string(), z.unknown());
export const count = z.int().nonnegative();

export const Problem = z
  .strictObject({
    type: z
      .string()
      .openapi({ description: 'Stable; what programs should look at', example: 'urn:plimsoll:problem:no-such-server' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
  })
  .openapi('Problem');

export const ServerRef = z.strictObject({ id: z.string(), slug: z.string() }).openapi('ServerRef');

export const nextCursor = z
  .string()
  .optional()
  .openapi({ description: 'The cursor of the next page; absent on the last' });
