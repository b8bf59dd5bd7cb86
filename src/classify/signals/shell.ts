import type { Clue, Signal } from '../signal.ts';
import { inDescription, inName, inParameters } from '../spot.ts';

const NAMED = /\b(?:shell|bash|powershell|terminal|cmd|command|commands|applescript|ssh|sudo|os command|exec)\b/;
const TOLD =
  /\b(?:shell commands?|bash|powershell|terminal commands?|applescript|command line|system commands?|cli commands?|(?:run|execute)s? (?:\w+ ){0,3}commands?|arbitrary (?:\w+ )?(?:code|commands?)|run(?:s|ning)? code|code snippet|(?:executes?|runs?|evaluates?) (?:\w+ ){0,3}(?:ruby|python|node|php|perl|lisp|matlab|blender)|subprocess)\b/;
const TAKES = /^(?:(?:shell|bash) )?(?:command|commands|cmd|script|code|argv)$/;
const JAILED =
  /\b(?:sandbox\w*|isolated|container(?:ized)?|predefined|allow-?list\w*|whitelist\w*|allowed commands|safe(?:ly)?|restricted|jail|webassembly|wasm|docker)\b|沙箱/;

const signal: Signal = {
  id: 'shell',
  title: 'A shell of the machine itself',
  why: 'A command line or script that runs unsandboxed can do whatever the user can; nothing that an agent may call is stronger.',
  examples: {
    speaks: [
      {
        name: 'execute_command',
        description: 'Runs a shell command.',
        inputSchema: { properties: { command: { type: 'string' } } },
      },
    ],
    silent: [
      { name: 'run_code', description: 'Runs code in an isolated sandbox.', inputSchema: { properties: { code: {} } } },
      { name: 'list_files' },
    ],
  },
  *notice(subject): Iterable<Clue> {
    const found = inName(subject, NAMED) ?? inDescription(subject, TOLD);
    const takes = inParameters(subject, TAKES);
    if (!found || (!takes && subject.parameters.length > 0) || inDescription(subject, JAILED)) return;
    yield {
      says: 'facet:runs-code',
      weight: 1,
      because: 'it runs commands of the caller’s choice',
      quote: takes ?? found,
    };
    if (takes) yield { says: 'raises', weight: 1, because: 'commands run on the machine itself', quote: found };
  },
};
export default signal;
