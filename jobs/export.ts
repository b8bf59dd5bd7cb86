import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WrongUse } from '#core/errors.ts';
import { visibleJson, visibleLine } from '#core/visible.ts';
import type { PROFILES } from '#domain/policy.ts';
import type { Job } from '#job/job.ts';
import { oneOf, profile } from '#job/options.ts';
import { exportPolicies, wishesOf } from '#pipeline/export.ts';
import { openWorld } from '#world.ts';

export default {
  id: 'export',
  about: "Write servers' recommended policies in the words of a gateway",
  args: [{ name: '<server...>', about: 'id, slug or purl of each server' }],
  options: [
    { flags: '--format <format>', about: 'format to write; an unknown one lists all', default: 'plimsoll' },
    { flags: '--tool <name>', about: 'the rule of this tool only' },
    profile,
    { flags: '--allow <tool...>', about: 'exact names of tools that need no approval and that no profile denies' },
    { flags: '--deny <tool...>', about: 'exact names of tools to deny; wins over everything' },
    {
      flags: '--profile-file <file>',
      about: 'YAML: allow, deny, hide, limits, approval, arguments, on top of the profile',
    },
    { flags: '-o, --out <dir>', about: 'write into this folder, with the losses beside, instead of printing' },
    {
      flags: '--accept-loss <what>',
      about: 'limit: keep a limited tool allowed where the format cannot count',
      parse: oneOf('--accept-loss', ['limit'] as const),
    },
  ],
  examples: [
    'npm run --silent plimsoll -- export npm:@modelcontextprotocol/server-filesystem',
    'npm run plimsoll -- export npm:@modelcontextprotocol/server-filesystem --format claude-code -o policies',
  ],
  async run(call) {
    await using world = await openWorld(call);
    const accepted = call.options.acceptLoss as 'limit' | undefined;
    const made = await exportPolicies(world, call.args, {
      format: call.options.format as string,
      profile: call.options.profile as (typeof PROFILES)[number],
      tool: call.options.tool as string | undefined,
      wishes: await wishesOf(
        call.options as { allow?: string[]; deny?: string[] },
        call.options.profileFile as string | undefined,
      ),
      ...(accepted && { acceptLoss: [accepted] }),
    });
    if ('why' in made) throw new WrongUse(made.why);
    const { exporter, files, losses } = made;
    const folder = call.options.out as string | undefined;
    if (folder === undefined && files.length > 1 && !call.json)
      throw new WrongUse(`${exporter.id} writes a file for each server: say where with -o DIR, or take --json.`);
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      for (const { name, text } of files) await writeFile(join(folder, name), text);
      // Written even when nothing is lost, so that an earlier run's list does not stay.
      await writeFile(join(folder, `${exporter.id}.losses.json`), `${visibleJson(losses)}\n`);
      for (const { name } of files) call.say(`Written: ${join(folder, name)}`);
    }
    if (call.json) call.out(`${visibleJson({ format: exporter.id, files, losses })}\n`);
    else if (folder === undefined) call.out(files[0]!.text);
    for (const { server, tool, lost, became, why } of losses)
      call.say(`Lost: ${visibleLine(server)}, ${visibleLine(tool)}: ${lost} became ${became}. ${why}`);
    call.say(`Where: ${exporter.where}\nLoad: ${exporter.load}\nCheck: ${exporter.check}`);
    return undefined;
  },
} satisfies Job;
