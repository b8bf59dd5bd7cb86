import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CGROUPS, type CgroupUsage, usageV1, usageV2 } from '../bubblewrap/cgroup.ts';

/** Where engines put a container's control group, by cgroup driver, in the order in which they are commonest. */
function places(id: string): readonly string[] {
  const uid = process.getuid?.() ?? 0;
  const own = `user.slice/user-${uid}.slice/user@${uid}.service`;
  return [
    `docker/${id}`,
    `system.slice/docker-${id}.scope`,
    `libpod_parent/libpod-${id}`,
    `machine.slice/libpod-${id}.scope`,
    `${own}/user.slice/libpod-${id}.scope`,
    `${own}/app.slice/docker-${id}.scope`,
    `${own}/user.slice/docker-${id}.scope`,
  ];
}

/** What a running container uses, as this machine's control groups tell; undefined where its engine runs elsewhere. */
export function containerUsage(id: string): CgroupUsage | undefined {
  for (const place of places(id)) {
    const v1 = (controller: string) => join(CGROUPS, controller, place);
    if (existsSync(v1('memory'))) return usageV1(v1);
    if (existsSync(join(CGROUPS, place))) return usageV2(join(CGROUPS, place));
  }
  return undefined;
}
