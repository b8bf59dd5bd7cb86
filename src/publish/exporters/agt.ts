import type { Decision } from '../formats/downgrade.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  // One counter in each running engine: never for everybody where several run.
  limit: { windows: ['minute', 'hour', 'day'], scopes: ['grant', 'session'], several: false },
  approve: ['user', 'operator'],
  deny: true,
  hide: false,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};
const ACTIONS = { allow: 'allow', ask: 'require_approval', deny: 'deny', hide: 'deny' } as const;

const agt: Exporter = {
  id: 'agt',
  title: 'Microsoft Agent Governance Toolkit policy (YAML)',
  mediaType: 'application/yaml',
  can,
  where: "The folder of policies that the application's engine loads; one file for each server.",
  load: 'One engine for each server, whose rules name tools only: new PolicyEngine().loadYaml(text), and evaluatePolicy(agent, { tool_name }) before each call.',
  check: 'Evaluate a tool that is not named: the engine answers deny.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const files = servers.map((server) => {
      const rules = server.decisions.filter(({ spelt }) => spelt).map(ruleOf);
      const policy = {
        apiVersion: 'governance.toolkit/v1',
        name: `plimsoll-${server.label}`,
        default_action: 'deny',
        rules,
      };
      return {
        name: `${server.label}.agt.yaml`,
        text: yamlText(policy, heading('Agent Governance Toolkit', [server])),
      };
    });
    return { files, losses };
  },
};

function ruleOf(decision: Decision): unknown {
  const { tool, verb, limits, approve } = decision;
  const action = ACTIONS[verb];
  return commented(
    {
      name: `${verb}-${tool}`,
      condition: `tool_name == '${tool}'`,
      // The SDK for TypeScript reads the one, the one for Python the other; each ignores what it does not know.
      ruleAction: action,
      action,
      ...(verb === 'ask' && { approvers: [approve?.by ?? 'user'] }),
      ...(limits[0] && { limit: `${limits[0].max}/${limits[0].window}` }),
      priority: 10,
    },
    remarks(decision),
  );
}

export default agt;
