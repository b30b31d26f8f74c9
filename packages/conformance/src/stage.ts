import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hello } from '@ostler/protocol';
import { checkInvariants } from './invariants.js';
import type { LaunchOptions } from './launch.js';
import { RawParent, type WelcomeOptions } from './raw-parent.js';
import { createRendezvous, type Rendezvous } from './rendezvous.js';
import { toHex } from './violation.js';
import type { WarmWorkers } from './warm-workers.js';

export interface StartOptions extends WelcomeOptions {
  readonly ledgerBytes?: number;
}

/** Where one check plays: starts workers, gives it places to meet handlers, and clears everything away. */
export class Stage {
  /** Whether a worker was used that an earlier check had left. */
  usedWarm = false;
  readonly #parents: RawParent[] = [];
  /** Those that were started without options of their own. */
  readonly #plain = new Set<RawParent>();
  readonly #places: Rendezvous[] = [];
  #folder: string | undefined;

  constructor(
    readonly options: LaunchOptions,
    /** What the worker said of itself when it was first asked. */
    readonly hello: Hello,
    /** Where plain workers come from and go to; without it each is a new one. */
    readonly warm?: WarmWorkers,
  ) {}

  can(capability: string): boolean {
    return this.hello.capabilities.includes(capability);
  }

  /** A worker that has been started and told nothing. */
  launch({ ledgerBytes }: StartOptions = {}): RawParent {
    const parent = new RawParent({ ...this.options, ...(ledgerBytes && { ledgerSize: ledgerBytes }) });
    this.#parents.push(parent);
    return parent;
  }

  /** A worker that is READY; without options it may have served another check. */
  async start(options?: StartOptions): Promise<RawParent> {
    const warm = options === undefined ? this.warm?.take() : undefined;
    const parent = warm ?? (await this.#start(options));
    if (warm !== undefined) {
      this.usedWarm = true;
      this.#parents.push(warm);
    }
    if (options === undefined) this.#plain.add(parent);
    return parent;
  }

  async #start(options: StartOptions = {}): Promise<RawParent> {
    const { ledgerBytes: _, ...welcome } = options;
    const parent = this.launch(options);
    await parent.hello();
    parent.welcome(welcome);
    await parent.ready();
    return parent;
  }

  /** A place to meet a handler of that worker. */
  rendezvous(parent: RawParent): Rendezvous {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'ostler-conformance-'));
    const place = createRendezvous(join(this.#folder, `fifo-${this.#places.length}`), parent.poke);
    this.#places.push(place);
    return place;
  }

  /** Resolves when the handler is there. */
  async meet(parent: RawParent, place: Rendezvous): Promise<void> {
    await parent.until('the handler to begin', () => place.met || undefined);
  }

  /** The rules that hold in every conversation. */
  checkInvariants(): void {
    for (const parent of this.#parents) checkInvariants(parent);
  }

  /** The last bytes that each worker wrote to its channel, in hex. */
  lastBytes(): string {
    return this.#parents.map(({ wire }) => toHex(wire.bytes().subarray(-160), 160)).join(' | ');
  }

  async clear(): Promise<void> {
    for (const parent of this.#parents) {
      if (this.warm !== undefined && this.#plain.has(parent)) await this.warm.giveBack(parent);
      else await parent.destroy();
    }
    for (const place of this.#places) await place.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
