import Table from 'cli-table3';
import type { Reason } from '#domain/freshness.ts';
import { type Plan, planNight } from '#pipeline/plan/plan.ts';
import type { Call } from './job.ts';

const WORDS: Readonly<Record<Reason, string>> = {
  requested: 'somebody asked for it',
  changed: 'a listing of it changed',
  new: 'never visited',
  weekly: 'listed a week ago',
  retry: 'failed, and its wait is over',
  unchanged: 'nothing is due: only its version is asked for',
  gone: 'gone: left alone until a listing changes',
};

/** Prints what the coming night would cost: tables, or one JSON object. Nothing is done. */
export async function showPlan(call: Call, options: Parameters<typeof planNight>[1]): Promise<undefined> {
  const plan = await planNight(call, options);
  call.out(call.json ? `${JSON.stringify(plan)}\n` : planText(plan));
}

function planText(plan: Plan): string {
  const { servers, installs, judge, from, worker } = plan;
  const rows = (Object.keys(WORDS) as Reason[]).map((one) => [WORDS[one], servers[one].waiting, servers[one].taken]);
  const work = [
    ['versions asked for', count(plan.asked), from.rest],
    ['visits', `${count(plan.visits)} with ${count(plan.starts)} starts`, from.visits],
    ['installs', `${count(installs.packages)}, ${size(installs.bytes)}`, from.installs],
    ['processor time', time(plan.cpuSeconds), from.rest],
    ['of it, installing', time(installs.cpuSeconds), from.rest],
    ['new versions among the unchanged', count(plan.surprises), from.changing],
    ['judge', judge ? judgeText(judge) : 'the rules alone', judge ? 'real definitions; answers at their longest' : ''],
  ];
  const wall = plan.wall.map((one) => [one.workers, time(one.seconds), one.bound]);
  return [
    table(['Servers', 'Waiting', 'Tonight'], rows),
    table(['Work', 'Forecast', 'From'], work),
    table(['Workers', 'Takes', 'Bound by'], wall),
    `A worker is a machine like this one: ${worker.processors} processors, ${worker.atOnce} launches at once. What discovery finds tonight comes on top; nothing was done.`,
    '',
  ].join('\n');
}

function judgeText({ tools, requests, tokens, dollars, beyondBudget }: NonNullable<Plan['judge']>): string {
  const money = dollars === null ? '' : `, $${dollars.toFixed(2)}`;
  const bound = beyondBudget ? '; beyond the budget of a run, the rest waits' : '';
  return `${count(tools)} tools in ${count(requests)} requests, ${count(tokens)} tokens${money}${bound}`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const made = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) made.push(row.map((cell) => (typeof cell === 'number' ? count(cell) : cell)));
  return made.toString();
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function time(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
