#pragma once

#include "failure.h"

/** A handle of the process that started us, to wait for its end; NULL where that has ended already. */
bool parent_open(HANDLE *parent, struct failure *failure);
