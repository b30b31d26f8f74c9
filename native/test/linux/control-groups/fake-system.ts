import { constants } from 'node:os';
import type { GroupSystem } from '../../../src/control-groups/group-system.js';
import { OsControlError } from '../../../src/os-control-error.js';
import { FAKE_FILES_V1, FAKE_FILES_V2, UNLIMITED } from './fake-files.js';

type ErrorName = keyof typeof constants.errno;
type Call = 'read' | 'write' | 'mkdir' | 'rmdir';

/** A file tree that keeps the rules of the kernel's control groups, and knows a few processes. */
export class FakeSystem implements GroupSystem {
  readonly pid = 500;
  readonly files = new Map<string, string>();
  readonly signals: [number, string | number][] = [];
  /** Paths that a call refuses. */
  readonly refusals: { call: Call; path: RegExp; errno: ErrorName }[] = [];
  /** A folder of version 2 that may hold processes beside limited groups. */
  readonly realRoots = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #hidden = new Map<number, ErrorName>();

  constructor() {
    this.addProcess({ pid: 1, parent: 0 });
    this.addProcess({ pid: this.pid, parent: 1 });
  }

  addProcess(facts: { pid: number; parent: number; state?: string; startTime?: number }): void {
    const { pid, parent, state = 'S', startTime = pid * 10 } = facts;
    const between = Array.from({ length: 17 }, () => '0').join(' ');
    this.files.set(`/proc/${pid}/stat`, `${pid} (a ) b) ${state} ${parent} ${between} ${startTime} 0`);
  }

  /** A process that we may not signal, or that is another's. */
  hide(pid: number, errno: ErrorName): void {
    this.#hidden.set(pid, errno);
  }

  /** Makes the folder of a group and of those above it, with the files that the kernel puts there. */
  addGroup(folder: string, facts: { controllers: string; version: 1 | 2; pids?: number[] }): void {
    this.#folders.add(folder);
    const { controllers, version, pids = [] } = facts;
    const templates = version === 1 ? FAKE_FILES_V1 : FAKE_FILES_V2;
    const names = controllers.split(' ').filter(Boolean);
    for (const name of [...names, '']) {
      for (const [file, text] of Object.entries(templates[name] ?? {})) this.files.set(`${folder}/${file}`, text);
    }
    if (version === 2) this.files.set(`${folder}/cgroup.controllers`, `${controllers}\n`);
    this.files.set(`${folder}/cgroup.procs`, lines(pids));
  }

  pidNamespace(): string {
    return '4026531836';
  }

  read(path: string): string {
    this.#refuse('read', path);
    return this.files.get(path) ?? this.#fail('read', path, 'ENOENT');
  }

  write(path: string, text: string): void {
    this.#refuse('write', path);
    if (!this.files.has(path)) this.#fail('write', path, 'ENOENT');
    const file = path.slice(path.lastIndexOf('/') + 1);
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (file === 'cgroup.procs') this.#move(Number(text), folder);
    else if (file === 'cgroup.subtree_control') this.#enable(folder, text.slice(1));
    else if (file === 'cgroup.kill') this.#killIn(folder);
    else this.files.set(path, `${this.#taken(folder, file, text)}\n`);
  }

  exists = (path: string): boolean => this.files.has(path) || this.#folders.has(path);

  folders(path: string): string[] {
    if (!this.#folders.has(path)) this.#fail('read', path, 'ENOENT');
    return this.#below(path).map((folder) => folder.slice(path.length + 1));
  }

  makeFolder(path: string): void {
    this.#refuse('mkdir', path);
    if (this.#folders.has(path)) this.#fail('mkdir', path, 'EEXIST');
    const above = path.slice(0, path.lastIndexOf('/'));
    const enabled = this.files.get(`${above}/cgroup.subtree_control`);
    const controllers =
      enabled?.trim() ??
      Object.keys(FAKE_FILES_V1)
        .filter((name) => this.#has(above, name))
        .join(' ');
    this.addGroup(path, { controllers, version: enabled === undefined ? 1 : 2 });
  }

  removeFolder(path: string): void {
    this.#refuse('rmdir', path);
    if (!this.#folders.has(path)) this.#fail('rmdir', path, 'ENOENT');
    if (this.#below(path).length > 0 || this.read(`${path}/cgroup.procs`) !== '') this.#fail('rmdir', path, 'EBUSY');
    this.#folders.delete(path);
    for (const file of this.files.keys()) if (file.startsWith(`${path}/`)) this.files.delete(file);
  }

  signal(pid: number, signal: 0 | 'SIGKILL'): void {
    const errno = this.#hidden.get(pid) ?? (this.files.has(`/proc/${pid}/stat`) ? undefined : 'ESRCH');
    if (errno !== undefined) this.#fail('write', `kill ${pid}`, errno);
    this.signals.push([pid, signal]);
    if (signal === 'SIGKILL') this.#leave(pid);
  }

  #has(folder: string, controller: string): boolean {
    return Object.keys(FAKE_FILES_V1[controller] ?? {}).some((file) => this.files.has(`${folder}/${file}`));
  }

  #below(path: string): string[] {
    return [...this.#folders].filter(
      (folder) => folder.lastIndexOf('/') === path.length && folder.startsWith(`${path}/`),
    );
  }

  #enable(folder: string, controller: string): void {
    const path = `${folder}/cgroup.subtree_control`;
    if (!this.read(`${folder}/cgroup.controllers`).split(/\s/).includes(controller))
      this.#fail('write', path, 'ENOENT');
    const holdsProcesses = this.read(`${folder}/cgroup.procs`) !== '' && !this.realRoots.has(folder);
    if (holdsProcesses) this.#fail('write', path, 'EBUSY');
    this.files.set(path, `${this.read(path).trim()} ${controller}\n`.trimStart());
  }

  #move(pid: number, folder: string): void {
    if (!this.files.has(`/proc/${pid}/stat`)) this.#fail('write', `${folder}/cgroup.procs`, 'ESRCH');
    this.#leave(pid);
    this.files.set(`${folder}/cgroup.procs`, `${this.read(`${folder}/cgroup.procs`)}${pid}\n`);
  }

  #leave(pid: number): void {
    for (const [path, text] of this.files) {
      if (!path.endsWith('/cgroup.procs')) continue;
      this.files.set(
        path,
        lines(
          text
            .split('\n')
            .filter(Boolean)
            .map(Number)
            .filter((other) => other !== pid),
        ),
      );
    }
  }

  #killIn(folder: string): void {
    for (const path of this.files.keys()) {
      if (path.startsWith(`${folder}/`) && path.endsWith('/cgroup.procs')) this.files.set(path, '');
    }
  }

  /** What a file then says; refuses what the kernel refuses. */
  #taken(folder: string, file: string, text: string): string {
    const path = `${folder}/${file}`;
    if (file === 'cpu.cfs_quota_us') this.#checkQuota(folder, Number(text));
    if (!/^memory\.(memsw\.)?limit_in_bytes$/.test(file)) return text;
    const bytes = text === '-1' ? Number(UNLIMITED) : Math.min(Number(text), Number(UNLIMITED));
    const limits = { alone: Number(this.files.get(`${folder}/memory.limit_in_bytes`)), swap: Number.POSITIVE_INFINITY };
    const swap = this.files.get(`${folder}/memory.memsw.limit_in_bytes`);
    if (swap !== undefined) limits.swap = Number(swap);
    if (file === 'memory.limit_in_bytes') limits.alone = bytes;
    else limits.swap = bytes;
    if (limits.alone > limits.swap) this.#fail('write', path, 'EINVAL');
    return bytes === Number(UNLIMITED) ? UNLIMITED : String(bytes - (bytes % 4_096));
  }

  /** A rate must not be above that of the group above. */
  #checkQuota(folder: string, quota: number): void {
    const above = folder.slice(0, folder.lastIndexOf('/'));
    const limit = Number(this.files.get(`${above}/cpu.cfs_quota_us`) ?? -1);
    if (quota < 0 || limit < 0) return;
    const ratio = (place: string, of: number) => of / Number(this.files.get(`${place}/cpu.cfs_period_us`));
    if (ratio(folder, quota) > ratio(above, limit)) this.#fail('write', `${folder}/cpu.cfs_quota_us`, 'EINVAL');
  }

  #refuse(call: Call, path: string): void {
    const refusal = this.refusals.find((candidate) => candidate.call === call && candidate.path.test(path));
    if (refusal !== undefined) this.#fail(call, path, refusal.errno);
  }

  #fail(call: Call, path: string, errno: ErrorName): never {
    throw new OsControlError({ syscall: `${call} ${path}`, errno: constants.errno[errno] });
  }
}

function lines(pids: number[]): string {
  return pids.map((pid) => `${pid}\n`).join('');
}
