import { Ajv2020 } from 'ajv/dist/2020.js';
import { visibleJson } from '#core/visible.ts';
import type { Policy } from '#domain/policy.ts';
import schema from '../../../data/schemas/policy.json' with { type: 'json' };

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const valid = ajv.compile(schema);

/** A policy from its own JSON. Throws where it is not one, with what is wrong. */
export function readPolicy(text: string): Policy {
  const policy: unknown = JSON.parse(text);
  if (!valid(policy)) throw new Error(ajv.errorsText(valid.errors, { dataVar: 'policy' }));
  return policy as unknown as Policy;
}

/** A policy as its own JSON. The same bytes for the same policy; throws for one that its schema refuses. */
export function policyText(policy: Policy): string {
  if (!valid(policy)) throw new Error(`policy of ${policy.server} is not valid: ${ajv.errorsText(valid.errors)}`);
  return `${visibleJson(inOrder(policy))}\n`;
}

/** A policy with its keys in the order in which they are read. */
export function inOrder({ version, default: otherwise, profile, server, hide, tools }: Policy): Policy {
  return { version, default: otherwise, profile, server, hide, tools };
}
