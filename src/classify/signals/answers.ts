import type { Clue, Signal } from '../signal.ts';
import { inDescription } from '../spot.ts';

const SAYS =
  /\b(?:(?:send|run|pass)(?:s|ing)? (?:a |the |your )?prompts? (?:\w+ ){0,6}(?:llms?|models?)|return(?:s|ing)? (?:the |a |its |an )?(?:model'?s? |llm |ai )?(?:response|answer|findings|report|audit)|get (?:a |the )?(?:response|answer|results?)|(?:performance|accessibility|security|code|static|quality) (?:analysis|audit|scan|tests?|checks?)|plugin to (?:show|list|extract|find|scan)|without (?:actually )?(?:running|executing|applying))/;

const signal: Signal = {
  id: 'answers',
  title: 'Runs something only to tell',
  why: 'A prompt to a model, an audit or a fixed analysis runs, but what comes of it is an answer.',
  examples: {
    speaks: [{ name: 'run_llm', description: 'Run a prompt through an LLM and return the response.' }],
    silent: [{ name: 'run_command', description: 'Runs a command.' }],
  },
  *notice(subject): Iterable<Clue> {
    const found = inDescription(subject, SAYS);
    if (found) yield { says: 'lowers', weight: 1, because: 'what comes of it is an answer', quote: found };
  },
};
export default signal;
