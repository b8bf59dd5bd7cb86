import { doesMoreThanWrite } from '../clues.ts';
import type { Signal } from '../signal.ts';
import { inDescription } from '../spot.ts';

const SAYS =
  /\b(?:sav(?:e|es|ed|ing)|stor(?:e|es|ing)|writ(?:e|es|ing|ten)|(?:persist|ingest|download|append|record)(?:s|ing)?) (?:[\w'-]+ ){0,9}?(?:to|into|in|as|on) (?:[\w'-]+ ){0,3}?(?:files?|file ?system|disk|local|database|csv|folder|directory|knowledge base|workspace|json|memory|storage|locally|desktop|downloads|spreadsheet)\b|\binto (?:[\w-]+ ){0,3}(?:knowledge base|collection|vector (?:db|store|database)|index)\b|\bautomatically (?:saves?|stores?|creates?|updates?|records?)\b|\b(?:load|import|insert|embed)(?:s|ing)? (?:[\w-]+ ){1,5}?into (?:a|an|the|your)\b|\b(?:images?|screenshots?|files?|results?|outputs?|reports?|videos?|audio) (?:is|are|was|will be|gets?) (?:\w+ )?(?:saved|stored|written|downloaded|uploaded)\b|保存され|保存到|写入文件/;

const signal: Signal = {
  id: 'saved',
  title: 'Says that the result is kept',
  why: 'A lookup that also saves what it found leaves something behind, so it is more than a lookup.',
  examples: {
    speaks: [
      { name: 'x', description: 'Searches trials and saves the results to a CSV file.' },
      { name: 'x', description: 'Scrapes a page into the knowledge base.' },
    ],
    silent: [
      { name: 'x', description: 'Counts the keys stored in the database.' },
      { name: 'x', description: 'Lists saved searches.' },
    ],
  },
  *notice(subject) {
    if (doesMoreThanWrite(subject)) return;
    const found = inDescription(subject, SAYS);
    if (found) yield { says: 'Write', weight: 1, because: 'the result is kept', quote: found };
  },
};
export default signal;
