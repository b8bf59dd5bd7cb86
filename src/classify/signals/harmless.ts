import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const NAMED =
  /\b(?:music|playback|song|track|volume|recording|play|pause|unpause|gameboy|simulator|emulator|mouse|cursor|sleep|timer|lights?|lamp|brightness)\b/;
const TOLD = /\b(?:music|playback|ios simulator|android emulator|gameboy|game boy|mouse cursor|video recording)\b/;

const signal: Signal = {
  id: 'harmless',
  title: 'A small act on one’s own device',
  why: 'Playing, pausing, changing the volume, or pressing a key in a simulator is fixed, local and does no harm.',
  examples: {
    speaks: [{ name: 'stop_music' }, { name: 'ui_swipe', description: 'Swipe in the iOS Simulator' }],
    silent: [{ name: 'stop_server' }],
  },
  *notice(subject): Iterable<Clue> {
    const found = inName(subject, NAMED) ?? inDescription(subject, TOLD);
    if (found) yield { says: 'lowers', weight: 1, because: 'a fixed, local act that does little harm', quote: found };
  },
};
export default signal;
