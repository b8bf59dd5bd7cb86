import { z } from '@hono/zod-openapi';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { instant } from './common.ts';

export const ScanWish = z
  .strictObject({
    server: z.string().min(1).max(500).openapi({
      description: 'An id of a server here, a package (`npm:name`, a purl), or the https address of a remote server',
      example: 'npm:@scope/name',
    }),
  })
  .openapi('ScanWish');

export const Scan = z
  .strictObject({
    id: z.int(),
    address: z.string().openapi({ description: 'The address that will be looked at' }),
    state: z.enum(['waiting', 'taken-up']).openapi({ description: '`taken-up`: a crawl has it; see `server`' }),
    askedAt: instant,
    takenAt: instant.optional(),
    server: z.string().optional().openapi({ description: 'Path of what the catalogue says, once it knows the server' }),
  })
  .openapi('Scan');

export const Dispute = z
  .strictObject({
    server: z.string().min(1).max(500).openapi({ description: 'Id, slug or purl' }),
    tool: z.string().max(1_000).openapi({ description: 'Exact name of the tool' }),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .openapi({ description: 'Of the definition that is meant, as the catalogue gives it' }),
    category: z.enum(CATEGORIES).optional().openapi({ description: 'What it should be' }),
    risk: z.enum(RISKS).optional().openapi({ description: 'What it should be' }),
    reason: z.string().trim().min(20).max(4_000).openapi({
      description: 'Why, with the words of the definition that show it. A person reads this; write no secrets',
    }),
  })
  .refine(({ category, risk }) => category !== undefined || risk !== undefined, 'say which category or risk is right')
  .openapi('Dispute');

export const Receipt = z.strictObject({ id: z.int() }).openapi('Receipt');
