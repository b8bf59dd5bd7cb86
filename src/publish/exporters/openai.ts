import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { named, prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: ['user'],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const openai: Exporter = {
  id: 'openai',
  title: 'OpenAI Responses API, MCP tools (JSON)',
  mediaType: 'application/json',
  can,
  where:
    'The `tools` of a request to the Responses API; put each server’s server_url or connector_id beside its label.',
  load: 'Send it with the request. An mcp_approval_request in the answer waits until the next request approves it.',
  check: 'The mcp_list_tools item of the answer names the allowed tools only.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const tools = servers
      .map(({ label, decisions }) => ({ label, asked: named(decisions, 'ask'), free: named(decisions, 'allow') }))
      // An empty list of allowed tools might be taken for none given: such a server is left out.
      .filter(({ asked, free }) => asked.length + free.length > 0)
      .map(({ label, asked, free }) => ({
        type: 'mcp',
        server_label: label,
        allowed_tools: [...asked, ...free].toSorted(),
        require_approval: free.length === 0 ? 'always' : { always: { tool_names: asked }, never: { tool_names: free } },
      }));
    return { files: [{ name: 'openai.tools.json', text: `${visibleJson({ tools })}\n` }], losses };
  },
};

export default openai;
