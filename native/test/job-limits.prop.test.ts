import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobObject, JobObjectLimits } from '../src/binding.js';
import { errnoOfWindows } from '../src/windows/errors.js';
import { cpusOfJobRate, jobRateOf } from '../src/windows/jobs/cpu-rate.js';
import { addRefusals, NO_REFUSALS } from '../src/windows/jobs/job-messages.js';
import { setJobLimits } from '../src/windows/jobs/set-job-limits.js';
import { classOf, schedulingOfClass } from '../src/windows/priority-class.js';

const online = fc.integer({ min: 1, max: 512 });

/** A Windows that makes of limits what it likes. */
class FakeJob implements Pick<JobObject, 'limits' | 'setLimits'> {
  kept: JobObjectLimits = {};
  constructor(readonly keep: (limits: JobObjectLimits) => JobObjectLimits) {}
  setLimits = (limits: JobObjectLimits): void => {
    this.kept = this.keep(limits);
  };
  limits = (): JobObjectLimits => this.kept;
}

describe('a rate in CPUs on Windows', () => {
  it('is a part of all CPUs in hundredths of a percent', () => {
    expect(jobRateOf(0.5, 2)).toBe(2_500);
    expect(jobRateOf(3, 4)).toBe(7_500);
  });

  it('is never none, never more than all, and what it stands for is as near as Windows can hold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 600, noNaN: true }), online, (cpus, count) => {
        const rate = jobRateOf(cpus, count);
        expect(Number.isInteger(rate) && rate >= 1 && rate <= 10_000).toBe(true);
        const step = count / 10_000;
        expect(Math.abs(cpusOfJobRate(rate, count) - Math.min(cpus, count))).toBeLessThanOrEqual(step);
      }),
    );
  });
});

describe('the limits of a job', () => {
  const asked = { jobMemory: 100_000_000, activeProcesses: 20, cpuRate: 2_500 };

  it('hold where they are read back, memory in whole pages', () => {
    const job = new FakeJob((limits) => ({ ...limits, ...(limits.jobMemory && { jobMemory: 99_999_744 }) }));
    setJobLimits(job, asked);
    expect(job.kept).toEqual({ ...asked, jobMemory: 99_999_744 });
  });

  it.each(['jobMemory', 'activeProcesses', 'cpuRate'] as const)(
    'are refused as a whole where %s does not come back',
    (lost) => {
      const job = new FakeJob((limits) => ({ ...limits, [lost]: undefined }));
      job.kept = { processMemory: 5 };
      const before = job.kept;
      expect(() => setJobLimits(job, asked)).toThrow(
        `${lost} set to ${asked[lost]} reads none: it is not enforced here`,
      );
      expect(job.kept).toMatchObject(before);
    },
  );

  it('are refused where another comes back', () => {
    const job = new FakeJob((limits) => ({ ...limits, ...(limits.cpuRate && { cpuRate: 1 }) }));
    expect(() => setJobLimits(job, asked)).toThrow('cpuRate set to 2500 reads 1');
  });
});

describe('the messages of a job', () => {
  it('tell what was refused for its limits of memory and of processes, and are added up', () => {
    const first = addRefusals(NO_REFUSALS, [6, 6, 9, 7, 10, 4]);
    expect(first).toEqual({ memory: 2, processes: 0 });
    expect(addRefusals(first, [3, 8, 9])).toEqual({ memory: 3, processes: 1 });
  });
});

describe('a nice value on Windows', () => {
  it('stands for the class that libuv gives it, and the class for the nice value that has its name', () => {
    const classes = [19, 18, 10, 9, 0, -1, -7, -8, -14, -15, -20].map((nice) => classOf({ nice, policy: 'other' }));
    expect(classes).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(classOf({ nice: 0, policy: 'idle' })).toBe(0);
    for (let number = 0; number <= 5; number++) expect(classOf(schedulingOfClass(number))).toBe(number);
  });
});

describe('an error number of Windows', () => {
  it('stands for the errno that comes nearest', () => {
    expect(errnoOfWindows('CreateProcessW', 2)).toBe('ENOENT');
    expect(errnoOfWindows('AssignProcessToJobObject', 5)).toBe('EACCES');
    expect(errnoOfWindows('SetProcessAffinityMask', 87)).toBe('EINVAL');
    expect(errnoOfWindows('OpenProcess', 87)).toBe('ESRCH');
    expect(errnoOfWindows('CreateProcessW', 99_999)).toBe('EIO');
  });
});
