#include "options.h"

#include "text.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

const char USAGE[] =
    "usage: ostler-guard [OPTION...] -- COMMAND [ARG...]\n"
    "Runs COMMAND and, when it or the caller ends, kills everything that it started.\n"
    "  --control=FD         socket for reports and orders; its end of file ends COMMAND\n"
    "  --cgroup=DIR         control group of COMMAND's own (repeatable)\n"
    "  --cpus=LIST          CPUs to run on, such as 0-3,8\n"
    "  --policy=batch|idle  scheduling policy\n"
    "  --nice=N             -20 (first) to 19 (last)\n"
    "  --rlimit=NAME=N      resource limit, soft and hard (repeatable): as, core, nproc, ...\n"
    "  --cwd=DIR            working folder\n";

static bool parse_control(struct options *options, const char *text, struct failure *failure) {
  unsigned long fd;
  // The standard three are the worker's.
  if (!whole_number(text, INT_MAX, &fd) || fd < 3) return refuse(failure, "options", text);
  options->control = (int)fd;
  return true;
}

static bool parse_group(struct options *options, const char *text, struct failure *failure) {
  (void)failure;
  options->groups[options->group_count++] = text;
  return true;
}

static bool parse_cpus(struct options *options, const char *text, struct failure *failure) {
  return cpus_parse(&options->cpus, text, failure);
}

static bool parse_policy(struct options *options, const char *text, struct failure *failure) {
  if (strcmp(text, "batch") == 0) options->policy = SCHED_BATCH;
  else if (strcmp(text, "idle") == 0) options->policy = SCHED_IDLE;
  else return refuse(failure, "sched_setscheduler", text);
  return true;
}

static bool parse_nice(struct options *options, const char *text, struct failure *failure) {
  const bool negative = *text == '-';
  unsigned long value;
  // The kernel would silently clamp what is out of range.
  if (!whole_number(text + negative, negative ? 20 : 19, &value)) return refuse(failure, "setpriority", text);
  options->reniced = true;
  options->nice = negative ? -(int)value : (int)value;
  return true;
}

static bool parse_limit(struct options *options, const char *text, struct failure *failure) {
  return limits_parse(&options->limits, text, failure);
}

static bool parse_cwd(struct options *options, const char *text, struct failure *failure) {
  (void)failure;
  options->cwd = text;
  return true;
}

static const struct {
  const char *name;
  bool (*parse)(struct options *options, const char *text, struct failure *failure);
} OPTIONS[] = {
    {"--control=", parse_control}, {"--cgroup=", parse_group}, {"--cpus=", parse_cpus}, {"--policy=", parse_policy},
    {"--nice=", parse_nice},       {"--rlimit=", parse_limit}, {"--cwd=", parse_cwd},
};

static bool parse_one(struct options *options, const char *argument, struct failure *failure) {
  for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
    const size_t length = strlen(OPTIONS[i].name);
    if (strncmp(argument, OPTIONS[i].name, length) == 0) {
      return OPTIONS[i].parse(options, argument + length, failure);
    }
  }
  return refuse(failure, "options", argument);
}

static size_t count(char **arguments) {
  size_t length = 0;
  while (arguments[length] != NULL) length++;
  return length;
}

bool options_parse(struct options *options, char **arguments, struct failure *failure) {
  memset(options, 0, sizeof *options);
  options->control = -1;
  options->policy = -1;
  options->groups = calloc(count(arguments) + 1, sizeof *options->groups);
  if (options->groups == NULL) return fail(failure, "options", "");

  bool understood = true;
  char **at = arguments[0] == NULL ? arguments : arguments + 1;
  for (; *at != NULL && strcmp(*at, "--") != 0; at++) {
    if (strcmp(*at, "--help") == 0) options->help = true;
    // The first mistake is the one that is told.
    else understood = parse_one(options, *at, understood ? failure : &(struct failure){0}) && understood;
  }
  options->command = *at == NULL ? at : at + 1;
  if (understood && *options->command == NULL) return refuse(failure, "options", "COMMAND is missing");
  return understood;
}
