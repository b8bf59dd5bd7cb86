import { CATEGORIES } from '#domain/verdict.ts';
import { REASONS } from '../clues.ts';
import { forms, languages } from '../lexicon.ts';
import { quote } from '../quote.ts';
import type { Signal } from '../signal.ts';
import type { Subject } from '../subject.ts';
import { lowerCase } from '../words.ts';

/** How far into a description the first verb of another language is looked for, in UTF-16 units. */
const REACH = 160;
const ENGLISH = /\b(?:the|of|for|from|with|this|and|to)\b/;
const SPACED = languages.filter(({ spaced }) => spaced);

/** Whether the word at a place is a form of an English verb that only begins like one of another language. */
function isEnglish(text: string, at: number): boolean {
  return forms.has(/^[a-z]*/.exec(text.slice(at, at + 30))?.[0] ?? '');
}

function findings(text: string, english: boolean) {
  const found = [];
  const foreign = /[^\x00-\x7f]/.test(text);
  for (const { language, verbs, spaced } of foreign ? languages : SPACED) {
    if (spaced && english) continue;
    for (const says of CATEGORIES)
      for (const verb of verbs[says] ?? []) {
        let at = text.indexOf(verb);
        while (at > 0 && spaced && /[\p{L}]/u.test(text[at - 1]!)) at = text.indexOf(verb, at + 1);
        if (at >= 0 && !(spaced && isEnglish(text, at))) found.push({ language, says, at, verb, spaced });
      }
  }
  return found;
}

/** The verb that leads: the first one, or in Japanese and Korean, whose verbs end the sentence, the last one. */
function leading(text: string, english: boolean) {
  const found = findings(text, english);
  const last = /[\u3040-\u30ff\uac00-\ud7af]/.test(text);
  const usable = found.filter(({ language }) => !last || language === 'Japanese' || language === 'Korean');
  return usable.sort((a, b) => (last ? b.at - a.at : a.at - b.at) || b.verb.length - a.verb.length)[0];
}

const signal: Signal = {
  id: 'language',
  title: 'Verbs in other languages',
  why: 'Descriptions in Chinese, Japanese, Korean, Russian, Spanish, Portuguese, French and German lead with verbs as English ones do.',
  examples: {
    speaks: [
      { name: 'x', description: '删除指定的消息' },
      { name: 'x', description: 'ファイルを削除します。' },
      { name: 'x', description: '파일을 삭제합니다' },
      { name: 'x', description: 'Удаляет файл' },
      { name: 'x', description: 'Elimina un archivo' },
      { name: 'x', description: 'Exclui um arquivo' },
      { name: 'x', description: 'Supprime un fichier' },
      { name: 'x', description: 'Löscht eine Datei' },
    ],
    silent: [{ name: 'x', description: 'Deletes a file' }],
  },
  *notice({ tool, acts, description, statements, lower }: Subject) {
    const first = statements[0];
    const end = first ? Math.min(first.end, first.start + REACH) : 0;
    const text = first ? lower.slice(first.start, end) : '';
    const found = leading(text, ENGLISH.test(text) || statements[0]?.acts.length !== 0);
    if (found && first)
      yield {
        says: found.says,
        weight: 1,
        because: `${REASONS[found.says]} (${found.language})`,
        quote: quote('/description', description, first.start + found.at, first.start + found.at + found.verb.length),
      };
    if (acts.length === 0) {
      const named = leading(lowerCase(tool.name), false);
      if (named)
        yield {
          says: named.says,
          weight: 1,
          because: `${REASONS[named.says]} (${named.language})`,
          quote: quote('/name', tool.name, named.at, named.at + named.verb.length),
        };
    }
  },
};
export default signal;
