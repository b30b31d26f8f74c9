#include "options.h"

#include "command_line.h"
#include "text.h"

#include <limits.h>
#include <string.h>

const char USAGE[] =
    "usage: ostler-guard [OPTION...] -- COMMAND [ARG...]\n"
    "Runs COMMAND and, when it or the caller ends, kills everything that it started.\n"
    "  --control=FD      pipe for reports and orders; its end of file ends COMMAND\n"
    "  --job=NAME        job object for COMMAND, the outermost first (repeatable)\n"
    "  --cpus=LIST       CPUs to run on, such as 0-3,8\n"
    "  --priority=CLASS  idle, below-normal, normal, above-normal, high or real-time\n"
    "  --cwd=DIR         working folder\n";

static const struct {
  const wchar_t *name;
  DWORD value;
} PRIORITIES[] = {
    {L"idle", IDLE_PRIORITY_CLASS},     {L"below-normal", BELOW_NORMAL_PRIORITY_CLASS},
    {L"normal", NORMAL_PRIORITY_CLASS}, {L"above-normal", ABOVE_NORMAL_PRIORITY_CLASS},
    {L"high", HIGH_PRIORITY_CLASS},     {L"real-time", REALTIME_PRIORITY_CLASS},
};

static bool parse_control(struct options *options, const wchar_t *text, struct failure *failure) {
  unsigned long fd;
  // The standard three are the worker's.
  if (!whole_number(text, SHRT_MAX, &fd) || fd < 3) return refuse(failure, ERROR_INVALID_PARAMETER, "options", text);
  options->control = (int)fd;
  return true;
}

static bool parse_job(struct options *options, const wchar_t *text, struct failure *failure) {
  if (options->job_count == MOST_JOBS) return refuse(failure, ERROR_INVALID_PARAMETER, "options", text);
  options->jobs[options->job_count++] = text;
  return true;
}

static bool parse_cpus(struct options *options, const wchar_t *text, struct failure *failure) {
  return cpus_parse(&options->cpus, text, failure);
}

static bool parse_priority(struct options *options, const wchar_t *text, struct failure *failure) {
  for (size_t i = 0; i < sizeof PRIORITIES / sizeof *PRIORITIES; i++) {
    if (wcscmp(PRIORITIES[i].name, text) == 0) options->priority = PRIORITIES[i].value;
  }
  return options->priority != 0 || refuse(failure, ERROR_INVALID_PARAMETER, "SetPriorityClass", text);
}

static bool parse_cwd(struct options *options, const wchar_t *text, struct failure *failure) {
  (void)failure;
  options->cwd = text;
  return true;
}

static const struct {
  const wchar_t *name;
  bool (*parse)(struct options *options, const wchar_t *text, struct failure *failure);
} OPTIONS[] = {
    {L"--control=", parse_control},   {L"--job=", parse_job}, {L"--cpus=", parse_cpus},
    {L"--priority=", parse_priority}, {L"--cwd=", parse_cwd},
};

static bool parse_one(struct options *options, const wchar_t *argument, struct failure *failure) {
  for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
    const wchar_t *value = after(argument, OPTIONS[i].name);
    if (value != NULL) return OPTIONS[i].parse(options, value, failure);
  }
  return refuse(failure, ERROR_INVALID_PARAMETER, "options", argument);
}

bool options_parse(struct options *options, wchar_t **arguments, struct failure *failure) {
  memset(options, 0, sizeof *options);
  options->control = -1;
  bool understood = true;
  struct failure later;
  wchar_t **at = arguments[0] == NULL ? arguments : arguments + 1;
  for (; *at != NULL && wcscmp(*at, L"--") != 0; at++) {
    if (wcscmp(*at, L"--help") == 0) options->help = true;
    // The first mistake is the one that is told.
    else understood = parse_one(options, *at, understood ? failure : &later) && understood;
  }
  options->file = *at == NULL ? NULL : at[1];
  options->command = command_line_rest(GetCommandLineW());
  if (understood && (options->file == NULL || options->command == NULL)) {
    return refuse(failure, ERROR_INVALID_PARAMETER, "options", L"COMMAND is missing");
  }
  return understood;
}
