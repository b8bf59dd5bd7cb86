import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';
import { inName } from '../spot.ts';

const NAMED =
  /(?:^| )(?:\w*thinking|\w*reasoning|think|thoughts?|mental ?models?|decision ?framework|debugging ?approach|design ?pattern|programming ?paradigm|\w*monitoring|argumentation|scientific ?method)$/;
const TOLD =
  /\b(?:(?:visual|structured|systematic|sequential|dynamic|reflective|critical|creative|step[- ]by[- ]step|analytical|recursive|logical|strategic|metacognitive|collaborative) (?:and \w+ )?(?:thinking|reasoning|problem[- ]solving|argumentation|debate|analysis through thoughts)|thinking process|thought process|chain[- ]of[- ]thought|mental models?|tool (?:for|to) (?:think|reason)\w*|think (?:about|through) something|problem[- ]solving through (?:\w+ )?thoughts?)\b/;

const signal: Signal = {
  id: 'thinking',
  title: 'Thinking aloud',
  why: 'Tools that hold thoughts, models of thinking or steps of reasoning change nothing but their own session.',
  examples: {
    speaks: [
      { name: 'sequentialthinking' },
      { name: 'x', description: 'A tool for dynamic and reflective problem-solving through thoughts.' },
    ],
    silent: [{ name: 'save_thought' }, { name: 'x', description: 'Lists files.' }],
  },
  *notice(subject) {
    const { description, lower, statements, acts } = subject;
    if (acts.some(({ role, sense, sure }) => role === 'main' && sure && sense.says !== 'Read')) return;
    const first = statements[0];
    const told = first && TOLD.exec(lower.slice(first.start, first.end));
    const found = told
      ? quote('/description', description, first.start + told.index, first.start + told.index + told[0].length)
      : inName(subject, NAMED);
    if (found) yield { says: 'Read', weight: 0.9, because: 'it helps to think and changes nothing', quote: found };
  },
};
export default signal;
