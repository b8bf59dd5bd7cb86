import { forms } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';

const MEDIA = new Set(['speech', 'video', 'image', 'audio', 'music', 'voice', '3d', 'sound']);

const signal: Signal = {
  id: 'conversion',
  title: 'From one form to another',
  why: 'A name like kml_to_geojson converts what it is given; where the new form is made by a model (text_to_speech) it runs one.',
  examples: {
    speaks: [{ name: 'kml_to_geojson' }, { name: 'text_to_speech' }],
    silent: [{ name: 'add_to_list' }, { name: 'how_to_use' }, { name: 'geojson' }],
  },
  *notice({ tool, words, acts }) {
    const at = words.findIndex(({ text }) => text === 'to' || text === '2');
    const into = words[at + 1];
    if (at < 1 || !into || forms.has(into.text) || acts.some(({ role, sure }) => role === 'main' && sure)) return;
    const media = MEDIA.has(into.text);
    yield {
      says: media ? 'Execute' : 'Read',
      weight: 0.9,
      because: media ? 'makes media with a model' : 'converts what it is given and returns it',
      quote: quote('/name', tool.name, words[at]!.start, into.end),
    };
  },
};
export default signal;
