#include "cpus.h"

#include "text.h"

#include <string.h>

static const char STEP[] = "SetProcessAffinityMask";
static const char JOB_STEP[] = "SetInformationJobObject(JobObjectGroupInformationEx)";
/** JobObjectGroupInformationEx, which older headers lack. */
static const JOBOBJECTINFOCLASS GROUPS_OF_JOB = (JOBOBJECTINFOCLASS)14;

enum { LARGEST_CPU = 64 * MOST_PROCESSOR_GROUPS - 1 };

static bool read_groups(struct processor_groups *machine, struct failure *failure) {
  static char answer[8192];
  PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX records = (PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX)(void *)answer;
  DWORD bytes = sizeof answer;
  if (!GetLogicalProcessorInformationEx(RelationGroup, records, &bytes)) {
    return fail(failure, "GetLogicalProcessorInformationEx", L"");
  }
  machine->count = records->Group.ActiveGroupCount;
  if (machine->count > MOST_PROCESSOR_GROUPS) machine->count = MOST_PROCESSOR_GROUPS;
  for (unsigned i = 0; i < machine->count; i++) machine->active[i] = records->Group.GroupInfo[i].ActiveProcessorMask;
  return true;
}

static bool mark(struct cpus *cpus, unsigned long first, unsigned long last) {
  for (unsigned long cpu = first; cpu <= last; cpu++) {
    struct processor_place place;
    if (!processor_place_of(&cpus->machine, (unsigned)cpu, &place)) return false;
    if (cpus->masks[place.group] == 0) cpus->groups_used++;
    cpus->masks[place.group] |= (uint64_t)1 << place.bit;
    cpus->group = place.group;
  }
  return true;
}

static bool mark_all(struct cpus *cpus, const wchar_t *text) {
  for (;;) {
    unsigned long first;
    if (!take_number(&text, LARGEST_CPU, &first)) return false;
    unsigned long last = first;
    if (*text == L'-') {
      text++;
      if (!take_number(&text, LARGEST_CPU, &last) || last < first) return false;
    }
    if (!mark(cpus, first, last)) return false;
    if (*text == L'\0') return true;
    if (*text++ != L',') return false;
  }
}

bool cpus_parse(struct cpus *cpus, const wchar_t *text, struct failure *failure) {
  memset(cpus, 0, sizeof *cpus);
  cpus->text = text;
  if (!read_groups(&cpus->machine, failure)) return false;
  return mark_all(cpus, text) || refuse(failure, ERROR_INVALID_PARAMETER, STEP, text);
}

static bool apply_mask(const struct cpus *cpus, HANDLE process, struct failure *failure) {
  const DWORD_PTR wanted = (DWORD_PTR)cpus->masks[cpus->group];
  DWORD_PTR given = 0;
  DWORD_PTR all = 0;
  if (!SetProcessAffinityMask(process, wanted)) return fail(failure, STEP, cpus->text);
  if (!GetProcessAffinityMask(process, &given, &all)) return fail(failure, "GetProcessAffinityMask", cpus->text);
  return given == wanted || refuse(failure, ERROR_NOT_SUPPORTED, STEP, cpus->text);
}

static bool apply_to_job(const struct cpus *cpus, HANDLE job, struct failure *failure) {
  GROUP_AFFINITY wanted[MOST_PROCESSOR_GROUPS];
  GROUP_AFFINITY given[MOST_PROCESSOR_GROUPS];
  memset(wanted, 0, sizeof wanted);
  memset(given, 0, sizeof given);
  DWORD count = 0;
  for (unsigned group = 0; group < cpus->machine.count; group++) {
    if (cpus->masks[group] == 0) continue;
    wanted[count].Group = (WORD)group;
    wanted[count].Mask = (KAFFINITY)cpus->masks[group];
    count++;
  }
  const DWORD bytes = count * (DWORD)sizeof *wanted;
  DWORD got = 0;
  if (!SetInformationJobObject(job, GROUPS_OF_JOB, wanted, bytes)) return fail(failure, JOB_STEP, cpus->text);
  if (!QueryInformationJobObject(job, GROUPS_OF_JOB, given, sizeof given, &got)) {
    return fail(failure, "QueryInformationJobObject(JobObjectGroupInformationEx)", cpus->text);
  }
  const bool is_same = got == bytes && memcmp(wanted, given, bytes) == 0;
  return is_same || refuse(failure, ERROR_NOT_SUPPORTED, JOB_STEP, cpus->text);
}

bool cpus_apply(const struct cpus *cpus, HANDLE process, HANDLE job, struct failure *failure) {
  if (cpus->text == NULL) return true;
  return cpus->groups_used == 1 ? apply_mask(cpus, process, failure) : apply_to_job(cpus, job, failure);
}
