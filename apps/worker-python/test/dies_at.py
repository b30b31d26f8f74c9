"""A worker that kills itself with SIGKILL before the n-th instruction of the SDK that it runs for tasks (DIE_AT=n).

DIE_IN=publish,flush counts only what those functions run. Each task leaves a mark in the file MARKS when its handler is done. With DIE_AT=0 it lives, and its close() prints the
number of instructions.
"""
import os
import signal
import sys

from ostler_worker import serve, turns

marks = os.open(os.environ['MARKS'], os.O_RDWR)
SDK = os.path.dirname(turns.__file__)
die_in = os.environ['DIE_IN'].split(',')
die_at, count, counting = int(os.environ['DIE_AT']), 0, False
turns.HOLD_SECONDS = 60  # tracing is slow, and replies should still go out several at a time


def trace(frame, event, argument):
    global count
    if os.path.dirname(frame.f_code.co_filename) != SDK:
        return None
    frame.f_trace_opcodes = True
    if event in ('line', 'opcode') and counting and (die_in == [''] or frame.f_code.co_name in die_in):
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace


def mark(value):
    global counting
    counting = True
    os.pwrite(marks, b'x', int(value))
    return b'reply to ' + value


serve({'default': mark}, init=lambda: sys.settrace(trace), close=lambda: print(count))
