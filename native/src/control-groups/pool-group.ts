import { FolderGroup, fileName, type GroupContext, placesBelow } from './folder-group.js';
import type { Places } from './group-version.js';
import { prefixOf, thisOwner } from './owner.js';
import { doneUnless } from './refusal.js';

/** Makes a group that says in its name whose it is. Threads of a process count on their own, so a number may be taken. */
export function makePoolGroup(context: GroupContext, bases: Places, name: string): FolderGroup {
  const prefix = `${prefixOf(thisOwner(context.system))}${fileName(name)}`;
  let group: FolderGroup | undefined;
  for (let number = 1; group === undefined; number++) {
    doneUnless(['EEXIST'], () => {
      group = new FolderGroup(context, placesBelow(bases, `${prefix}-${number}`));
    });
  }
  return group;
}
