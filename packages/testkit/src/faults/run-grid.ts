import type { Cell } from './cell.js';
import { applies, FAULTS, type Fault } from './fault-table.js';
import { runCell } from './run-cell.js';
import { SETUPS, type Setup } from './setup.js';

/** Cells at once: some wait for time-outs while others use the CPU. */
const AT_ONCE = 6;

export interface GridOptions {
  /** Default: all of the table. */
  faults?: readonly Fault[];
  setups?: readonly Setup[];
  /** Told about each cell as it is done. */
  onCell?: (cell: Cell) => void;
}

/** Runs every fault in every setup, and gives the cells in that order. */
export async function runGrid({ faults = FAULTS, setups = SETUPS, onCell }: GridOptions = {}): Promise<Cell[]> {
  const jobs = faults.flatMap((fault) =>
    setups.filter((setup) => applies(fault, setup)).map((setup) => ({ fault, setup })),
  );
  const cells: Cell[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      const { fault, setup } = jobs[index] as (typeof jobs)[number];
      const cell = await runCell(fault, setup);
      cells[index] = cell;
      onCell?.(cell);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return cells;
}
