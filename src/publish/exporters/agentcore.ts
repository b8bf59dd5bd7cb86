import type { Decision } from '../formats/downgrade.ts';
import type { Abilities, Exporter, Loss } from '../formats/exporter.ts';
import { heading, type Prepared, prepare } from '../formats/prepare.ts';
import { cedarCommented, cedarString } from '../spelling/cedar.ts';
import { plain } from '../spelling/names.ts';

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
/** No gateway has it: until it is replaced, nothing is permitted. */
const GATEWAY = 'arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/GATEWAY';
/** What one gateway may carry, in bytes (AWS, bedrock-agentcore developer guide, Policy). */
const ROOM = 200 * 1024;

const agentcore: Exporter = {
  id: 'agentcore',
  title: 'AWS Bedrock AgentCore policy (Cedar)',
  mediaType: 'text/x-cedar',
  can,
  where: `The policy engine of the gateway, one statement a policy; put your gateway's ARN for ${GATEWAY}. Targets must have the names before the three underscores.`,
  load: 'aws bedrock-agentcore-control create-policy for each statement, then attach the engine in the mode ENFORCE.',
  check: 'Call a tool that no statement permits: the gateway denies it; LOG_ONLY shows the same without denying.',
  losses(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    // Pages ask this of every server, and hardly one is so large that its statements need be spelt to know.
    const most = servers.reduce((sum, { label, decisions }) => sum + decisions.length * longest(label), 0);
    if (most <= ROOM) return losses;
    const more = [...statements(servers)].flatMap(({ lost }) => lost ?? []);
    return more.length === 0 ? losses : [...losses, ...more];
  },
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const more: Loss[] = [];
    const parts = heading('AgentCore policies', servers).map((line) => `// ${line}`);
    for (const { decision, statement, lost } of statements(servers)) {
      if (statement !== undefined) parts.push(cedarCommented(decision, statement));
      if (lost) more.push(lost);
    }
    return { files: [{ name: 'agentcore.cedar', text: `${parts.join('\n\n')}\n` }], losses: [...losses, ...more] };
  },
};

interface Statement {
  readonly decision: Decision;
  /** Absent where there is no room for it. */
  readonly statement?: string;
  /** What the want of room takes. */
  readonly lost?: Loss;
}

function* statements(servers: readonly Prepared[]): Generator<Statement> {
  let size = 0;
  for (const { policy, label, decisions } of servers)
    for (const decision of decisions) {
      if (!decision.spelt) continue;
      const statement = statementOf(decision.verb === 'allow', label, decision.tool);
      size += statement.length;
      if (size <= ROOM) yield { decision, statement };
      else if (decision.verb === 'allow') {
        const why = `A gateway carries at most ${ROOM} bytes of policies.`;
        yield { decision, lost: { server: policy.server, tool: decision.tool, lost: 'allow', became: 'deny', why } };
      }
    }
}

function statementOf(allows: boolean, label: string, tool: string): string {
  const action = `AgentCore::Action::${cedarString(`${label}___${tool}`)}`;
  const [effect, principal] = allows ? ['permit', 'principal is AgentCore::OAuthUser'] : ['forbid', 'principal'];
  return `${effect}(\n  ${principal},\n  action == ${action},\n  resource == AgentCore::Gateway::${cedarString(GATEWAY)}\n);`;
}

/** No statement about a tool of this server is longer: `plain` spells names of 64 letters at most, none of them escaped. */
function longest(label: string): number {
  return statementOf(true, label, 'x'.repeat(64)).length;
}

export default agentcore;
