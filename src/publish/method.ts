import { join } from 'node:path';
import type { Signal } from '#classify/signal.ts';
import { plugins } from '#core/plugins.ts';
import accuracy from '../../data/accuracy.json' with { type: 'json' };
import type { MethodSubject } from './pages/method.ts';

/** What the method page is about: the signals as they are, and the figures that `evaluate --write` left. */
export async function method(): Promise<MethodSubject> {
  loaded ??= plugins<Signal>(join(import.meta.dirname, '..', 'classify', 'signals'));
  return { signals: await loaded, accuracy };
}
let loaded: Promise<readonly Signal[]> | undefined;
