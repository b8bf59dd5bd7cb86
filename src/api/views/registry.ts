import type { z } from '@hono/zod-openapi';
import type { RegistryEntry as Entry } from '#publish/catalogue.ts';
import { registryNameOf, serverJsonOf } from '#publish/facts/server-json.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import type { RegistryEntry } from '../schemas/registry.ts';
import { tallied } from './resolve.ts';

/** A server as a registry lists it, with what we say of it. */
export function registryEntryView({ server, registryName }: Entry): z.input<typeof RegistryEntry> {
  const { displayName: _, ...said } = tallied(server);
  return {
    server: serverJsonOf(server, registryNameOf(server.slug, registryName)),
    _meta: {
      'io.github.plimsoll/verdict': {
        ...said,
        combinations: combinationsOf(server).map(({ id }) => id),
        ...(server.listedAt && { listedAt: server.listedAt.toISOString() }),
      },
    },
  };
}
