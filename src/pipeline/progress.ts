/** Where a run says how far it is. Texts are for a person's terminal and already cleaned. */
export interface Progress {
  report(stage: string, done: number, total: number, note?: string): void;
  say(text: string): void;
}

export const silent: Progress = { report: () => {}, say: () => {} };
