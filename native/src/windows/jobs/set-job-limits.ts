import { constants } from 'node:os';
import type { JobObject, JobObjectLimits } from '../../binding.js';
import { asOsControl, OsControlError } from '../../os-control-error.js';

/** Sets, then reads back: what does not come back is not enforced here, and then the job has what it had. */
export function setJobLimits(job: Pick<JobObject, 'limits' | 'setLimits'>, limits: JobObjectLimits): void {
  const before = asOsControl(() => job.limits());
  try {
    asOsControl(() => job.setLimits(limits));
    const given = asOsControl(() => job.limits());
    for (const name of ['jobMemory', 'processMemory', 'activeProcesses', 'cpuRate'] as const) {
      if (!isTaken(name, limits[name], given[name])) throw notTaken(name, limits[name], given[name]);
    }
  } catch (error) {
    asOsControl(() => job.setLimits(before));
    throw error;
  }
}

/** Windows rounds memory down to whole pages. */
function isTaken(name: string, wanted: number | undefined, given: number | undefined): boolean {
  if (wanted === undefined || given === undefined) return wanted === given;
  return name.endsWith('Memory') ? given <= wanted && wanted - given < 65_536 : given === wanted;
}

function notTaken(name: string, wanted: number | undefined, given: number | undefined): OsControlError {
  const about = `${name} set to ${wanted ?? 'none'} reads ${given ?? 'none'}: it is not enforced here`;
  return new OsControlError({ syscall: 'SetInformationJobObject', errno: constants.errno.ENOTSUP, about });
}
