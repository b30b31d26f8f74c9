import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { FileListener, FileWatching } from './operating-system.js';

/** What changes by itself, or is not what somebody edits. */
const IGNORED = new Set(['node_modules', '.git', '__pycache__']);
/** Elsewhere the system watches a folder with all below it. */
const EACH_FOLDER = process.platform !== 'win32' && process.platform !== 'darwin';

/**
 * Watches files, and folders with all below them, but not node_modules, .git and __pycache__. On Linux by one watch for each folder:
 * Node's own recursion makes one for each file, node_modules included. A file is watched by its folder, as editors put a new file in its place.
 */
export class FileWatch implements FileWatching {
  readonly #listener: FileListener;
  /** By folder; names: the files that are meant, or all. */
  readonly #watches = new Map<string, { watcher: FSWatcher; names: Set<string> | 'all' }>();

  constructor(paths: readonly string[], listener: FileListener) {
    this.#listener = listener;
    for (const path of paths) {
      if (statSync(path).isDirectory()) this.#addTree(path);
      else this.#add(dirname(path), basename(path));
    }
  }

  close(): void {
    for (const { watcher } of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }

  #addTree(folder: string): void {
    if (!this.#add(folder, 'all') || !EACH_FOLDER) return;
    for (const name of this.#try(() => subfolders(folder)) ?? []) this.#addTree(join(folder, name));
  }

  /** False where it was watched before, or can't be. */
  #add(folder: string, name: string): boolean {
    const present = this.#watches.get(folder);
    if (present !== undefined && (present.names === 'all' || name !== 'all')) {
      if (present.names !== 'all') present.names.add(name);
      return false;
    }
    const recursive = !EACH_FOLDER && name === 'all';
    const watcher = this.#try(() => watch(folder, { persistent: false, recursive }));
    if (watcher === undefined) return false;
    present?.watcher.close();
    this.#watches.set(folder, { watcher, names: name === 'all' ? 'all' : new Set([name]) });
    watcher.on('change', (_, changed) => this.#onChange(folder, String(changed ?? '')));
    watcher.on('error', (error) => this.#onError(folder, error));
    return true;
  }

  #onChange(folder: string, changed: string): void {
    const names = this.#watches.get(folder)?.names;
    if (names === undefined || changed.split(sep).some((part) => IGNORED.has(part))) return;
    if (names !== 'all' && !names.has(changed)) return;
    const path = join(folder, changed);
    if (EACH_FOLDER && names === 'all') this.#follow(path);
    this.#listener.onChange(path);
  }

  /** A folder has come, or has gone with all below it. */
  #follow(path: string): void {
    if (isFolder(path)) {
      this.#addTree(path);
      return;
    }
    for (const [folder, { watcher }] of this.#watches) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      this.#watches.delete(folder);
    }
  }

  /** A folder that is gone can't be watched, which on Windows is an error. */
  #onError(folder: string, error: Error): void {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
    if (isFolder(folder)) this.#listener.onError(error);
  }

  #try<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // it was gone before it could be looked at
      // Not within the constructor, whose caller has no watch yet.
      process.nextTick(() => this.#listener.onError(error as Error));
      return undefined;
    }
  }
}

/** Links are not followed: they may lead anywhere, and in circles. */
function subfolders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !IGNORED.has(entry.name)).map(({ name }) => name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
