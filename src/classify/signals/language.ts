import { foreignActs, foreignVerbs } from '../foreign.ts';
import { quote } from '../quote.ts';
import { REASONS } from '../reasons.ts';
import type { Signal } from '../signal.ts';
import { lowerCase } from '../words.ts';

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
      { name: 'enviar_texto' },
    ],
    silent: [
      { name: 'x', description: 'Deletes a file' },
      { name: 'x', description: 'Create' },
    ],
  },
  *notice(subject) {
    const { lead } = foreignActs(subject);
    if (lead) yield lead;
    if (subject.acts.length > 0) return;
    const { name } = subject.tool;
    const [named] = foreignVerbs(lowerCase(name), false);
    if (named)
      yield {
        says: named.says,
        weight: 1,
        because: `${REASONS[named.says]} (${named.language})`,
        quote: quote('/name', name, named.at, named.at + named.verb.length),
      };
  },
};
export default signal;
