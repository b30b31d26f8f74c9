import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeSync,
} from 'node:fs';
import { OsControlError } from '../os-control-error.js';

/** What control groups need of the system. Every refusal is an OsControlError that names the call and the path. */
export interface GroupSystem {
  readonly pid: number;
  /** The number of this process's pid namespace. */
  pidNamespace(): string;
  read(path: string): string;
  /** Writes to a file that exists, in one write. */
  write(path: string, text: string): void;
  exists(path: string): boolean;
  /** The names of the folders in a folder. */
  folders(path: string): string[];
  makeFolder(path: string): void;
  removeFolder(path: string): void;
  /** As kill(2); signal 0 only asks. */
  signal(pid: number, signal: 0 | 'SIGKILL'): void;
}

/** This machine. */
export const thisSystem: GroupSystem = {
  pid: process.pid,
  pidNamespace: () => {
    const path = '/proc/self/ns/pid';
    return refusedAs(`readlink ${path}`, () => readlinkSync(path)).replace(/\D/g, '');
  },
  read: (path) => refusedAs(`read ${path}`, () => readFileSync(path, 'utf8')),
  write: (path, text) => refusedAs(`write ${path}`, () => writeFile(path, text)),
  exists: existsSync,
  folders: (path) =>
    refusedAs(`readdir ${path}`, () => readdirSync(path, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  makeFolder: (path) => refusedAs(`mkdir ${path}`, () => mkdirSync(path)),
  removeFolder: (path) => refusedAs(`rmdir ${path}`, () => rmdirSync(path)),
  signal: (pid, signal) => {
    refusedAs('kill', () => process.kill(pid, signal), pid);
  },
};

/** Neither created nor truncated: the files of a group are there or not, and some may only be written. */
function writeFile(path: string, text: string): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function refusedAs<T>(syscall: string, action: () => T, pid?: number): T {
  try {
    return action();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new OsControlError({ syscall, errno: Math.abs(errno), pid });
  }
}
