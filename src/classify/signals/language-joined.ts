import { foreignActs } from '../foreign.ts';
import type { Signal } from '../signal.ts';

const signal: Signal = {
  id: 'language-joined',
  title: 'Further verbs in other languages',
  why: 'A description that lists what it does (创建或删除, “create or delete”) promises each; the strongest counts most.',
  examples: {
    speaks: [{ name: 'x', description: '创建或删除云函数触发器' }],
    silent: [{ name: 'x', description: '删除云函数触发器' }],
  },
  *notice(subject) {
    yield* foreignActs(subject).joined;
  },
};
export default signal;
