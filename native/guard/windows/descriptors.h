#pragma once

#include "failure.h"

/**
 * The descriptors that we were started with. How they pass from a process to its child is a habit of C libraries (and of
 * libuv): STARTUPINFO.lpReserved2 holds their number, a byte of flags for each, and a handle for each.
 */
struct descriptors {
  unsigned count;
  BYTE *flags;
  BYTE *handles;
  STARTUPINFOW startup;
};

void descriptors_read(struct descriptors *descriptors);

/** Takes a descriptor out, so that the worker will not inherit it. Fails where it is not there. */
bool descriptors_take(struct descriptors *descriptors, int number, HANDLE *handle, struct failure *failure);

/** Closes all: what is the worker's is its alone, as long as we held a pipe too, its reader would never see the end. */
void descriptors_close(struct descriptors *descriptors);
