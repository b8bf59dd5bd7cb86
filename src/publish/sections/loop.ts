import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import { minuteOf } from '#recommend/minute.ts';
import { type Html, html } from '../markup/html.ts';
import { sentence } from '../markup/parts.ts';

/** What an agent in a loop could do with the tool in a minute under the policy; nothing where nothing is known of it. */
export function loop(tool: CatalogueTool, policy: Policy): Html | undefined {
  const said = minuteOf(tool, policy);
  if (said.length === 0) return undefined;
  return html`<h3 id="minute">What a loop could do in a minute</h3><p>${said.map((one, at) => [at > 0 ? ' ' : '', sentence(one)])}</p>`;
}
