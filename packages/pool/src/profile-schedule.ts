import type { Schedule } from './options/profiles.js';
import type { OperatingSystem } from './os/operating-system.js';

/** The longest wait in milliseconds: a machine that slept, or whose clock was set, is noticed after that. */
const LONGEST_WAIT = 60_000;

interface Scheduled {
  readonly name: string;
  readonly schedule: Schedule;
  /** Unix milliseconds. */
  next: number;
}

/** Says when which profile is due. */
export class ProfileSchedule {
  readonly #os: OperatingSystem;
  readonly #scheduled: Scheduled[] = [];
  readonly #onDue: (name: string) => void;
  #nextDeadline = Infinity;

  constructor(
    os: OperatingSystem,
    schedules: Iterable<[name: string, schedule: Schedule | undefined]>,
    onDue: (name: string) => void,
  ) {
    this.#os = os;
    this.#onDue = onDue;
    const time = os.wallTime();
    for (const [name, schedule] of schedules) {
      if (schedule !== undefined) this.#scheduled.push({ name, schedule, next: schedule.next(time) });
    }
    this.#arm(time);
  }

  /** The profile that is in force when the pool starts: as soon as two have a schedule, the one that was due last. */
  get atStart(): string | undefined {
    if (this.#scheduled.length < 2) return undefined;
    const time = this.#os.wallTime();
    const last = this.#scheduled.map(({ name, schedule }) => ({ name, at: schedule.last(time) }));
    return last.reduce((latest, each) => (each.at > latest.at ? each : latest)).name;
  }

  /** When `deadlineReached` has something to do next, by the pool's clock, or `Infinity`. */
  get nextDeadline(): number {
    return this.#nextDeadline;
  }

  deadlineReached(now: number): void {
    if (now < this.#nextDeadline) return;
    const time = this.#os.wallTime();
    const due = this.#scheduled.filter(({ next }) => next <= time).sort((a, b) => a.next - b.next);
    for (const each of due) each.next = each.schedule.next(time);
    this.#arm(time);
    const latest = due.at(-1);
    if (latest !== undefined) this.#onDue(latest.name);
  }

  #arm(time: number): void {
    const next = Math.min(...this.#scheduled.map((each) => each.next));
    this.#nextDeadline =
      next === Infinity ? Infinity : this.#os.now() + Math.min(LONGEST_WAIT, Math.max(0, next - time));
  }
}
