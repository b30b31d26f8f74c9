/** A mounted hierarchy of control groups. */
export interface GroupMount {
  readonly version: 1 | 2;
  /** The group that is mounted, as seen from the root of the hierarchy: `/` if it isn't a part of it. */
  readonly root: string;
  readonly folder: string;
  readonly readOnly: boolean;
  /** What a version 1 hierarchy controls; empty for version 2, where each group says it. */
  readonly controllers: readonly string[];
}

/** The hierarchies of control groups in a text like that of /proc/self/mountinfo; see proc_pid_mountinfo(5). */
export function parseMounts(mountInfo: string): GroupMount[] {
  return mountInfo.split('\n').flatMap((line) => {
    // Optional fields may stand before the separator, so what comes after it is found from there.
    const separator = line.indexOf(' - ');
    if (separator < 0) return [];
    const [, , , root = '', folder = '', options = ''] = line.slice(0, separator).split(' ');
    const [type, , superOptions = ''] = line.slice(separator + 3).split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const ofHierarchy = superOptions.split(',');
    return {
      version: type === 'cgroup' ? 1 : 2,
      root: plain(root),
      folder: plain(folder),
      readOnly: options.split(',').includes('ro') || ofHierarchy.includes('ro'),
      controllers: type === 'cgroup' ? ofHierarchy.filter((option) => option !== 'rw' && option !== 'ro') : [],
    };
  });
}

/** Space, tab, line feed and backslash are octal there. */
function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The groups of a process, by controller, in a text like that of /proc/self/cgroup; `''` is version 2. */
export function parseOwnGroups(text: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) groups.set(controller, path);
  }
  return groups;
}

/** Where a group is below a mount; undefined when the mount doesn't show it, as in some containers. */
export function folderOfGroup(mount: GroupMount, group: string): string | undefined {
  if (group.split('/').includes('..')) return undefined;
  if (mount.root === '/') return group === '/' ? mount.folder : `${mount.folder}${group}`;
  if (group === mount.root) return mount.folder;
  return group.startsWith(`${mount.root}/`) ? `${mount.folder}${group.slice(mount.root.length)}` : undefined;
}
