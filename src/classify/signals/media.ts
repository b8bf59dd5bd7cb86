import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const MADE =
  /\b(?:generat|creat|produc|synthesi[sz]|render|mak|animat|compos|inpaint|outpaint|upscal|dub|infill|restyl|transform|edit|modif|vari)\w* (?:(?!and\b|from\b|for\b|of\b|or\b)[\w'-]+ ){0,4}?(?:images?|pictures?|photos?|audio|videos?|speech|voices?|voiceovers?|music|songs?|soundtracks?|sound effects|artworks?|animations?|3d models?|avatars?|portraits?|illustrations?)\b(?! (?:urls?|links?|captions?|prompts?|tags?|descriptions?|metadata|scripts?|formats?|code|list|ids?|embeddings?))/;
const MODEL =
  /\b(?:ai|model|models|prompt|prompts|text[- ]to|flux|dall-?e|stable diffusion|midjourney|gpt-image|gemini|imagen|veo|sora|elevenlabs|tts|diffusion|neural|generative|stability|replicate|runway|suno|minimax|recraft|cartesia)\b/;

/** Names of endpoints of such models. */
const NAMED =
  /\b(?:(?:flux|sdxl|diffusion|schnell|imagen|dalle?|midjourney|tts|txt2img|img2img)\b.*\b(?:infer|inference|predict|generate|run)|(?:text|txt|img|image|voice|speech) ?(?:to|2) ?(?:image|img|video|speech|audio|music|3d))$/;

const signal: Signal = {
  id: 'media',
  title: 'Makes media with a model',
  why: 'Making a picture, a sound or a film with a model is a job that costs compute, whatever the verb.',
  examples: {
    speaks: [
      { name: 'flux1_schnell_infer' },
      { name: 'infill', description: 'Generate audio that connects two clips, with the given voice model.' },
    ],
    silent: [
      { name: 'x', description: 'Generate image captions with a model.' },
      { name: 'x', description: 'Creates an image of the chart.' },
    ],
  },
  *notice(subject) {
    const { tool, description, lower, statements } = subject;
    const named = inName(subject, NAMED);
    if (named) return yield { says: 'Execute', weight: 0.8, because: 'a model makes media', quote: named };
    const first = statements[0];
    const match = first && MADE.exec(lower.slice(first.start, first.end));
    if (!match || !(MODEL.test(lower) || MODEL.test(tool.name.toLowerCase()))) return;
    const start = first.start + match.index;
    yield {
      says: 'Execute',
      weight: 0.8,
      because: 'a model makes media',
      quote: quote('/description', description, start, start + match[0].length),
    };
  },
};
export default signal;
