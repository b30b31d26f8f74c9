import type { Bases } from './bases.js';
import type { ControlGroup, ControlGroupDriver, GroupLimit, Support } from './control-group.js';
import { distinctFolders } from './folder-group.js';
import type { GroupSystem } from './group-system.js';
import { killTree, removeTree } from './group-tree.js';
import type { GroupVersion, Places } from './group-version.js';
import { isGone, ownerOf } from './owner.js';
import { makePoolGroup } from './pool-group.js';
import { doneUnless } from './refusal.js';
import { prove } from './trial.js';
import { Version1 } from './version-1.js';
import { Version2 } from './version-2.js';

/** Control groups below this process's own, in the folders of one version. */
export class FolderDriver implements ControlGroupDriver {
  readonly version: 1 | 2;
  readonly support: Readonly<Record<GroupLimit, Support>>;
  readonly #system: GroupSystem;
  readonly #dialect: GroupVersion;
  readonly #places: Places;

  /** Tries what works, with groups that are removed again. */
  constructor(system: GroupSystem, bases: Bases) {
    this.version = bases.version;
    this.#system = system;
    this.#dialect = bases.version === 1 ? new Version1(system) : new Version2(system);
    const { places, support } = prove(system, this.#dialect, bases);
    this.#places = places;
    this.support = support;
  }

  createPoolGroup(name: string): ControlGroup {
    const context = { system: this.#system, version: this.#dialect, support: this.support };
    return makePoolGroup(context, this.#places, name);
  }

  removeStaleGroups(): number {
    const system = this.#system;
    const names = distinctFolders(this.#places).flatMap((base) => system.folders(base));
    const stale = [...new Set(names)].filter((name) => {
      const owner = ownerOf(name);
      return owner !== undefined && isGone(system, owner);
    });
    return stale.filter((name) => !this.#removeStale(name)).length;
  }

  /** Those of another user, as of one who was root, are left to that user. */
  #removeStale(name: string): boolean {
    const folders = distinctFolders(this.#places).map((base) => `${base}/${name}`);
    let gone = false;
    doneUnless(['EACCES', 'EPERM'], () => {
      killTree(this.#system, folders);
      gone = removeTree(this.#system, folders);
    });
    return gone;
  }
}
