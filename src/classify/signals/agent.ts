import type { Signal } from '../signal.ts';
import { inDescription, inName } from '../spot.ts';

const NAMED =
  /\b(?:(?:ask|run|call|invoke|start|create|delegate|dispatch|launch|spawn|use|computer use|browser) (?:\w+ ){0,2}agent|agent (?:task|run|execute))\b/;
const TOLD =
  /\b(?:using|with|via|through|by|to) (?:an? |the )?(?:[\w-]+ ){0,2}(?:ai |autonomous |sre |coding |browser |remote |a2a )agents?\b|\bautonomously\b/;

const signal: Signal = {
  id: 'agent',
  title: 'Hands work to an agent',
  why: 'An agent that is given a task decides for itself what to do, so the call sets off more than it says.',
  examples: {
    speaks: [
      { name: 'createBrowserAgentTask' },
      { name: 'x', description: 'Investigate an incident using an SRE agent.' },
    ],
    silent: [{ name: 'list_agents' }, { name: 'x', description: 'Search for users.' }],
  },
  *notice(subject) {
    const found = inName(subject, NAMED) ?? inDescription(subject, TOLD);
    if (found) yield { says: 'Execute', weight: 0.7, because: 'an agent acts on what it is asked', quote: found };
  },
};
export default signal;
