import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { toolhiveStatements } from '../spelling/cedar.ts';
import { exact } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const toolhive: Exporter = {
  id: 'toolhive',
  title: 'ToolHive authorisation (YAML with Cedar)',
  mediaType: 'application/yaml',
  can,
  where: 'Anywhere; one file for each server.',
  load: 'thv run --authz-config FILE <server>',
  check: 'Call a tool that is not permitted: ToolHive answers 403, and tools/list does not name it.',
  losses: (policies, options) => prepare(policies, can, exact, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exact, options);
    const files = servers.map((server) => {
      const statements = toolhiveStatements(server.decisions);
      const authz = {
        version: '1.0',
        type: 'cedarv1',
        cedar: {
          // ToolHive refuses an empty list of policies.
          policies:
            statements.length > 0
              ? statements.map(({ decision, text }) => commented(text, remarks(decision)))
              : [NOTHING],
          entities_json: '[]',
        },
      };
      return {
        name: `${server.label}.toolhive.yaml`,
        text: yamlText(authz, heading('ToolHive authorisation', [server])),
      };
    });
    return { files, losses };
  },
};

const NOTHING = 'forbid(principal, action == Action::"call_tool", resource);';

export default toolhive;
