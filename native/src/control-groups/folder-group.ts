import { applyLimits, checkLimits, checkSupport } from './apply-limits.js';
import type { ControlGroup, GroupLimit, GroupLimits, GroupUsage, Support } from './control-group.js';
import type { GroupSystem } from './group-system.js';
import { killTree, pidsBelow, removeTree } from './group-tree.js';
import type { Controller, GroupVersion, Places } from './group-version.js';

/** What the groups of one driver share. */
export interface GroupContext {
  readonly system: GroupSystem;
  readonly version: GroupVersion;
  readonly support: Readonly<Record<GroupLimit, Support>>;
}

/** Processes of a group and those below it that were killed for want of memory. */
interface Kills {
  readonly all: number;
  /** Because of this group's own limit. */
  readonly own: number;
  /** Because of its own limit or of one below it. */
  readonly explained: number;
}

const NO_KILLS: Kills = { all: 0, own: 0, explained: 0 };

/** A control group in folders that we make. */
export class FolderGroup implements ControlGroup {
  readonly folders: readonly string[];
  readonly #context: GroupContext;
  readonly #places: Places;
  readonly #parent: FolderGroup | undefined;
  readonly #children = new Set<FolderGroup>();
  /** Of children that are removed. */
  #formerKills = NO_KILLS;
  #isParent = false;

  /** Makes the folders; when one is refused, none is left. */
  constructor(context: GroupContext, places: Places, parent?: FolderGroup) {
    this.#context = context;
    this.#places = places;
    this.#parent = parent;
    this.folders = distinctFolders(places);
    const made: string[] = [];
    try {
      for (const folder of this.folders) {
        context.system.makeFolder(folder);
        made.push(folder);
      }
    } catch (error) {
      removeTree(context.system, made);
      throw error;
    }
  }

  createChild(name: string): ControlGroup {
    const { version } = this.#context;
    if (!this.#isParent) version.prepareParent(this.#places);
    this.#isParent = true;
    const places = placesBelow(this.#places, fileName(name));
    const child = new FolderGroup(this.#context, places, this);
    this.#children.add(child);
    version.prepareChild(places);
    return child;
  }

  setLimits(limits: GroupLimits): void {
    const { system, version, support } = this.#context;
    checkLimits(limits);
    checkSupport(limits, support);
    applyLimits(system, version.writes(this.#places, limits));
  }

  limits(): GroupLimits {
    return this.#context.version.limits(this.#places);
  }

  usage(): GroupUsage {
    return { ...this.#context.version.counts(this.#places), processes: this.pids().length };
  }

  oomKills(): number {
    return this.#kills().own;
  }

  pids(): number[] {
    return pidsBelow(this.#context.system, this.folders);
  }

  kill(): void {
    killTree(this.#context.system, this.folders);
  }

  remove(): boolean {
    // What it counted goes with it, and the group above needs it to know its own share.
    const kills = this.#kills();
    const gone = removeTree(this.#context.system, this.folders);
    if (gone && this.#parent !== undefined) this.#parent.#forget(this, kills);
    return gone;
  }

  #forget(child: FolderGroup, kills: Kills): void {
    if (this.#children.delete(child)) this.#formerKills = sum(this.#formerKills, kills);
  }

  #kills(): Kills {
    const { system, version } = this.#context;
    const below = [...this.#children].map((child) => child.#kills()).reduce(sum, this.#formerKills);
    const isGone = !this.folders.every(system.exists);
    const { killed, atLimit } = isGone ? { killed: 0, atLimit: false } : version.outOfMemory(this.#places);
    const all = killed + below.all;
    const own = atLimit ? all - below.explained : 0;
    return { all, own, explained: below.explained + own };
  }
}

function sum(a: Kills, b: Kills): Kills {
  return { all: a.all + b.all, own: a.own + b.own, explained: a.explained + b.explained };
}

export function distinctFolders(places: Places): string[] {
  return [...new Set(Object.values(places))];
}

/** The places of a group below another. */
export function placesBelow(places: Places, name: string): Places {
  const entries = Object.entries(places) as [Controller, string][];
  return Object.fromEntries(entries.map(([controller, folder]) => [controller, `${folder}/${name}`]));
}

/** A name that is one folder and none of the kernel's own files, which all have a dot or are one of four words. */
export function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100);
  return ['', 'tasks', 'notify_on_release', 'release_agent'].includes(safe) ? `group-${safe}` : safe;
}
