import type { JsonObject } from '#domain/tool.ts';
import { begin } from '#pipeline/night.ts';
import { openWorld } from '#world.ts';
import type { Call } from './job.ts';

/** Begins a night that workers share, or joins the one that is under way, and says which. */
export async function handOver(call: Call): Promise<undefined> {
  await using world = await openWorld(call);
  const { limit, source } = call.options;
  const options = JSON.parse(JSON.stringify({ limit, source })) as JsonObject;
  const { run, begun } = await begin(world, options);
  const words = begun ? `Night ${run} has begun.` : `Night ${run} is under way, and this is part of it.`;
  call.out(call.json ? `${JSON.stringify({ run, begun })}\n` : `${words} Workers carry it on: plimsoll work\n`);
  return undefined;
}
