"""The moments in which two threads meet over one task, made to happen in a single one."""
import os
import unittest
from collections import deque

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
        self.limits = sdk.Limits(1)
        replies = sdk.Replies(sdk.Outbox(write_end, self.limits), self.limits)
        self.inbox = sdk.Inbox(read_end, self.limits, replies)
        self.inbox.waiting = Meeting(sdk.Task(replies, task_id, sdk.TASK, FIELDS, b'') for task_id in (1, 2))
        self.turns = sdk.Turns(self.inbox, replies, sdk.Handlers({}), sdk.EventLoop(self.inbox, replies))

    def test_a_task_that_is_recalled_just_before_it_is_taken_is_not_run(self):
        self.inbox.waiting.before = lambda: self.inbox.cancel(1)
        self.assertEqual(self.turns.take().id, 2)
        word, task_id, _, _ = next(sdk.read_frames(lambda size: os.read(self.read_end, size), self.limits))
        self.assertEqual((task_id, word >> 8 & 0xFF), (1, sdk.CANCELLED | sdk.NOT_STARTED))

    def test_the_last_task_may_be_recalled_just_before_it_is_taken(self):
        self.inbox.waiting.pop()
        self.inbox.waiting.before = lambda: self.inbox.cancel(1)
        self.assertIsNone(self.turns.take())

    def test_a_task_that_is_cancelled_just_after_it_is_taken_sees_it(self):
        self.inbox.waiting.after = lambda: self.inbox.cancel(1)
        task = self.turns.take()
        self.assertEqual(task.id, 1)
        self.assertTrue(task.cancelled.is_set())

    def test_a_task_that_is_asked_back_just_after_it_is_taken_goes_on(self):
        self.inbox.waiting.after = lambda: self.inbox.cancel(1, unless_begun=1)
        task = self.turns.take()
        self.assertEqual(task.id, 1)
        self.assertFalse(task.cancelled.is_set())

    def test_cancelled_is_set_in_an_event_that_was_asked_for_before(self):
        task = self.turns.take()
        self.assertFalse(task.cancelled.is_set())
        self.inbox.cancel(1)
        self.assertTrue(task.cancelled.is_set())


if __name__ == '__main__':
    unittest.main()
