import type { OsControlError } from '../os-control-error.js';
import type { Controller } from './group-version.js';
import { isRefusal } from './refusal.js';

/** Where something was refused. */
export interface Place {
  readonly version: 1 | 2;
  readonly folder: string;
}

/** Why no group can be made in a folder, and what would mend it. */
export function whyRefused(error: OsControlError, { version, folder }: Place): string {
  if (isRefusal(error, 'EROFS')) return `${folder} is read-only, as in most containers: ${IF_READ_ONLY[version]}`;
  if (isRefusal(error, 'EACCES', 'EPERM'))
    return `this user may not make control groups in ${folder}: ${IF_DENIED[version]}`;
  return error.message;
}

const LIMIT_CONTAINER =
  'limit the container itself (docker run --memory --cpus --pids-limit, resources.limits in Kubernetes)';
const OWN_SCOPE = 'systemd-run --user --scope -p Delegate=yes COMMAND (without --user as root)';

/** What is safe to write to in version 2 is not in version 1, which has no groups that are a container's own. */
const IF_READ_ONLY = {
  1: LIMIT_CONTAINER,
  2: `${LIMIT_CONTAINER}, or make it writable (Docker 28: --security-opt writable-cgroups=true, Podman: --security-opt unmask=/sys/fs/cgroup)`,
};

const IF_DENIED = {
  1: 'start as root, or start the system with systemd.unified_cgroup_hierarchy=1, where a user can have groups',
  2: `put Delegate=yes into the unit's [Service] section, or start with ${OWN_SCOPE}`,
};

/** Version 2 lets no group have both processes and limited groups below it. */
export function notAlone(folder: string, pids: readonly number[]): string {
  const whose = `${pids.slice(0, 5).join(', ')}${pids.length > 5 ? ', …' : ''}`;
  return `${folder} holds processes that are not ours (${whose}), so it can't have limited groups below it: start with ${OWN_SCOPE}`;
}

/** Version 2: a controller that the groups above have not enabled for a folder. */
export function notEnabled(controller: Controller, folder: string): string {
  return (
    `the controller ${controller} is not enabled for ${folder}: put Delegate=yes into the unit ` +
    `(for a user's own services: Delegate=cpu memory pids in user@.service)${ofKernel(controller)}`
  );
}

/** Version 1: a controller without a hierarchy of its own. */
export function notMounted(controller: Controller): string {
  return `no hierarchy with the controller ${controller} is mounted${ofKernel(controller)}`;
}

function ofKernel(controller: Controller): string {
  return controller === 'memory' ? ', or start the kernel with cgroup_enable=memory' : '';
}

/** A hierarchy that is mounted, but not the part of it that we are in. */
export function notVisible(mounted: string, group: string): string {
  return `${mounted} does not show the group of this process, ${group}: start the container with --cgroupns=private`;
}

export const NOTHING_MOUNTED = 'no control groups are mounted: mount -t cgroup2 none /sys/fs/cgroup';
