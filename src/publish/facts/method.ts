import { join } from 'node:path';
import type { Signal } from '#classify/signal.ts';
import { plugins } from '#core/plugins.ts';
import type { Source } from '#discover/source.ts';
import accuracy from '../../../data/accuracy.json' with { type: 'json' };
import type { MethodSubject } from '../pages/method.ts';

/** What the method page is about: the signals and the sources as they are, and the figures that `evaluate --write` left. */
export async function method(): Promise<MethodSubject> {
  loaded ??= Promise.all([
    plugins<Signal>(join(import.meta.dirname, '..', '..', 'classify', 'signals')),
    plugins<Source>(join(import.meta.dirname, '..', '..', 'discover', 'sources')),
  ]);
  const [signals, sources] = await loaded;
  return { signals, sources, accuracy };
}

/** Every source as it declares itself, by id. */
export async function sourcesDeclared(): Promise<ReadonlyMap<string, Source>> {
  const { sources } = await method();
  return new Map(sources.map((source) => [source.id, source]));
}
let loaded: Promise<readonly [readonly Signal[], readonly Source[]]> | undefined;
