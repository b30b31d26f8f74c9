import type { LedgerFile } from '@ostler/pool/os';

/** Memory that two simulated processes share. */
export class SimulatedLedger implements LedgerFile {
  readonly fd = 5;
  readonly memory: Uint8Array;
  isOpen = true;

  constructor(readonly size: number) {
    this.memory = new Uint8Array(size);
  }

  read(target: Uint8Array, position: number): number {
    if (!this.isOpen) throw new Error('EBADF: the ledger was read after it had been closed');
    const bytes = this.memory.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  close(): void {
    this.isOpen = false;
  }
}
