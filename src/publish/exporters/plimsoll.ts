import { Ajv2020 } from 'ajv/dist/2020.js';
import { visibleJson } from '#core/visible.ts';
import type { Policy } from '#domain/policy.ts';
import schema from '../../../data/schemas/policy.json' with { type: 'json' };
import type { Exporter } from '../exporter.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const valid = ajv.compile(schema);

const plimsoll: Exporter = {
  id: 'plimsoll',
  title: 'Plimsoll policy (JSON)',
  mediaType: 'application/json',
  extension: 'json',
  write(policy: Policy): string {
    if (!valid(policy)) throw new Error(`policy of ${policy.server} is not valid: ${ajv.errorsText(valid.errors)}`);
    const { version, profile, server, hide, tools } = policy;
    return `${visibleJson({ version, default: policy.default, profile, server, hide, tools })}\n`;
  },
};

export default plimsoll;
