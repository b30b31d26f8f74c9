"""The moments in which two threads meet over one task, made to happen in a single one."""
import os
import unittest
from collections import deque
from types import SimpleNamespace

from parent import sdk

FIELDS = sdk.decode_task_fields(b'')


class Meeting(deque):
    """Lets something happen just before, or just after, the main thread takes a task out."""

    before = after = staticmethod(lambda: None)

    def remove(self, task):
        before, self.before = self.before, lambda: None
        before()
        super().remove(task)
        after, self.after = self.after, lambda: None
        after()

    def copy(self):
        return deque(self)


class Claims(unittest.TestCase):
    def setUp(self):
        read_end, write_end = os.pipe()
        self.addCleanup(os.close, write_end)
        self.addCleanup(os.close, read_end)
        self.read_end = read_end
        self.worker = worker = sdk.Worker.__new__(sdk.Worker)
        worker.limits = SimpleNamespace(key=1, max_frame=1 << 20, max_body=1 << 20)
        worker.outbox = sdk.Outbox(write_end, worker.limits)
        worker.turn, worker.running, worker.quarter, worker.since, worker.assembly = None, {}, 1, 0.0, None
        worker.waiting = Meeting(sdk.Task(worker, task_id, sdk.TASK, FIELDS, b'') for task_id in (1, 2))

    def test_a_task_that_is_recalled_just_before_it_is_taken_is_not_run(self):
        self.worker.waiting.before = lambda: self.worker._on_cancel(1)
        self.assertEqual(self.worker._take().id, 2)
        word, task_id, _, _ = next(sdk.read_frames(lambda size: os.read(self.read_end, size), self.worker.limits))
        self.assertEqual((task_id, word >> 8 & 0xFF), (1, sdk.CANCELLED | sdk.NOT_STARTED))

    def test_the_last_task_may_be_recalled_just_before_it_is_taken(self):
        self.worker.waiting.pop()
        self.worker.waiting.before = lambda: self.worker._on_cancel(1)
        self.assertIsNone(self.worker._take())

    def test_a_task_that_is_cancelled_just_after_it_is_taken_sees_it(self):
        self.worker.waiting.after = lambda: self.worker._on_cancel(1)
        task = self.worker._take()
        self.assertEqual(task.id, 1)
        self.assertTrue(task.cancelled.is_set())

    def test_a_task_that_is_asked_back_just_after_it_is_taken_goes_on(self):
        self.worker.waiting.after = lambda: self.worker._on_cancel(1, unless_begun=True)
        task = self.worker._take()
        self.assertEqual(task.id, 1)
        self.assertFalse(task.cancelled.is_set())

    def test_cancelled_is_set_in_an_event_that_was_asked_for_before(self):
        task = self.worker._take()
        self.assertFalse(task.cancelled.is_set())
        self.worker._on_cancel(1)
        self.assertTrue(task.cancelled.is_set())


if __name__ == '__main__':
    unittest.main()
