"""A fork for every task: what it keeps apart, what it leaves, and how its end is told."""
import os
import signal
import sys
import unittest

from parent import PATIENCE, Parent, number, sdk


def forking(*arguments, environment=None, **options):
    return Parent(*arguments, environment={'FORK': '1', **(environment or {})}, **options)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@unittest.skipUnless(hasattr(os, 'fork'), 'needs fork()')
class Forks(unittest.TestCase):
    def test_every_task_has_a_process_of_its_own_as_init_has_left_it(self):
        with forking(init={'model': 'small'}) as parent:
            seen = [parent.call(task_id, 0, 'whoami').value for task_id in range(1, 6)]
            self.assertEqual(len({process['pid'] for process in seen} | {parent.process.pid}), 6)
            self.assertEqual({process['parent'] for process in seen}, {parent.process.pid})
            self.assertEqual({(process['calls'], process['data']['model']) for process in seen}, {(1, 'small')})
            self.assertEqual(len({process['random'] for process in seen}), 5, 'each child draws numbers of its own')
            self.assertFalse(any(is_alive(process['pid']) for process in seen[:-1]), 'none is left')
            self.assertEqual(parent.hello['capabilities'], ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency'])
            code, frames, out, errors = parent.finish()
            self.assertEqual((code, frames, errors), (0, [], b''))
            if parent.private:
                self.assertEqual(out, b'closed\n', 'the close hook runs once, in the parent')

    def test_what_it_says_comes_in_the_name_of_its_task_before_the_reply(self):
        with forking() as parent:
            parent.task(9, b'x', 'talk')
            messages = [parent.expect(sdk.LOG, 9).json['message'] for _ in range(5)]
            self.assertEqual(set(messages), {'one', 'two', 'wrong', 'logged', 'careful'})
            self.assertEqual(parent.expect(sdk.PROGRESS, 9).json, {'done': 0.5})
            self.assertEqual(parent.later, [])
            self.assertEqual(parent.reply(9).body, b'x')
            told = parent.call(10, b'', 'fail').json
            self.assertEqual((told['name'], told['cause']['code']), ('OddError', 'ENOENT'))
            self.assertNotIn('ostler_worker', told['stack'])

    def test_bodies_of_any_size_and_streams_with_credit_pass_through_it(self):
        with forking() as parent:
            body = os.urandom(5_000_000)
            parent.write(b''.join(sdk.split_frames(parent.limits, sdk.TASK, 8, body)))
            frames = [parent.next() for _ in range(5)]
            self.assertEqual(b''.join(frame.body for frame in frames), body)
            for handler in 'flood', 'flood_async':
                parent.task(1, b'', handler, flags=sdk.STREAM)
                self.assertEqual([parent.next().type for _ in range(sdk.INITIAL_CREDIT // 65_536)], [sdk.CHUNK] * 4)
                parent.send(sdk.CREDIT, 1, metadata=number(48, 65_536))
                self.assertEqual(parent.next().type, sdk.CHUNK)
                parent.send(sdk.CANCEL, 1)
                self.assertEqual(parent.reply(1).flags, sdk.CANCELLED)
                self.assertEqual(parent.expect(sdk.LOG).json['message'], 'closed')

    def test_a_handler_that_runs_sees_its_cancel_and_one_that_waits_is_given_back(self):
        with forking() as parent:
            for handler, wanted in {'wait': sdk.RESULT, 'wait_async': sdk.FAILURE}.items():
                parent.task(1, b'', handler)
                parent.expect(sdk.PROGRESS)
                parent.task(2, b'')
                parent.send(sdk.PING, 5)
                self.assertEqual(parent.expect(sdk.PONG).id, 5)
                parent.send(sdk.CANCEL, 2)
                self.assertEqual(parent.reply(2).flags, sdk.CANCELLED | sdk.NOT_STARTED)
                parent.send(sdk.CANCEL, 1)
                self.assertEqual(parent.reply(1).type, wanted)

    def test_an_end_without_a_reply_is_the_end_of_the_worker_in_the_same_way(self):
        heir = [('vanish_with_heir', b'', 6)] if sys.platform == 'linux' else []
        for handler, body, code in (*heir, ('vanish', b'', 5), ('exit', b'4', 4), ('die', b'%d' % signal.SIGKILL, -signal.SIGKILL),
                                    ('die', b'%d' % signal.SIGSEGV, -signal.SIGSEGV), ('die', b'%d' % signal.SIGTERM, -signal.SIGTERM)):
            with self.subTest(handler, body=body), forking() as parent:
                parent.write(parent.encode_task(1, b'first') + parent.encode_task(2, body, handler) + parent.encode_task(3, b'never'))
                self.assertEqual([(frame.id, frame.body) for frame in parent.rest()], [(1, b'first')])
                self.assertEqual(parent.process.wait(PATIENCE), code)

    def test_what_a_task_has_started_ends_with_it(self):
        for handler in ['leave_child', *(['leave_daemon'] if sys.platform == 'linux' else [])]:
            with self.subTest(handler), forking() as parent:
                pid = parent.call(1, 0, handler).value
                parent.call(2, b'')  # by now the first has been cleared away
                self.assertFalse(is_alive(pid))

    def test_what_native_code_prints_is_out_before_the_reply_and_once(self):
        with forking() as parent:
            for task_id in 1, 2:
                self.assertEqual(parent.call(task_id, b'', 'print_native').body, b'done')
            _, _, out, errors = parent.finish()
            self.assertEqual((out if parent.private else errors).count(b'native'), 2)

    def test_sigterm_reaches_the_child_and_ends_both(self):
        with forking() as parent:
            parent.task(1, b'', 'wait')
            parent.expect(sdk.PROGRESS)
            parent.process.send_signal(signal.SIGTERM)
            self.assertEqual(parent.rest(), [])
            self.assertEqual(parent.process.wait(PATIENCE), -signal.SIGTERM)
        with forking() as parent:
            parent.process.send_signal(signal.SIGTERM)
            self.assertEqual(parent.process.wait(PATIENCE), -signal.SIGTERM)

    def test_a_child_does_not_outlive_a_worker_that_is_killed(self):
        with forking() as parent:
            parent.task(1, b'', 'wait_deaf')
            pid = parent.expect(sdk.PROGRESS).json
            parent.process.kill()
            parent.process.wait()
            parent.process.stdout.read()  # ends when the last process has gone that holds it
            self.assertFalse(parent.process.stdout.read(1))
            self.assertFalse(is_alive(pid) and sys.platform != 'linux')

    def test_credit_and_cancel_reach_a_child_that_takes_long_to_look(self):
        with forking() as parent:
            parent.task(1, b'', 'wait_blind')
            pid = parent.expect(sdk.PROGRESS).json
            credits = parent.encode(sdk.CREDIT, 1, metadata=number(48, 1))
            parent.write(credits * 20_000)  # more than its socket holds
            parent.send(sdk.PING, 7)
            self.assertEqual(parent.expect(sdk.PONG).id, 7)
            parent.send(sdk.CANCEL, 1)
            os.kill(pid, signal.SIGUSR1)
            self.assertEqual(parent.reply(1).body, b'saw it')

    def test_several_run_at_once_where_the_pool_says_so(self):
        with forking(concurrency=3) as parent:
            parent.write(b''.join(parent.encode_task(task_id, b'', 'wait') for task_id in (1, 2, 3)))
            self.assertEqual({parent.expect(sdk.PROGRESS).id for _ in range(3)}, {1, 2, 3})
            for task_id in 2, 1, 3:
                parent.send(sdk.CANCEL, task_id)
                self.assertEqual(parent.reply(task_id).body, b'saw it')
            parent.write(b''.join(parent.encode_task(task_id, b'%d' % (3_000_000 + task_id), 'large') for task_id in (1, 2, 3)))
            lengths = {}
            while sum(lengths.values()) < 9_000_006:
                frame = parent.next()
                lengths[frame.id] = lengths.get(frame.id, 0) + len(frame.body)
            self.assertEqual(lengths, {task_id: 3_000_000 + task_id for task_id in (1, 2, 3)})

    def test_the_end_of_the_channel_waits_for_what_was_received(self):
        with forking() as parent:
            parent.write(b''.join(parent.encode_task(task_id, b'%d' % task_id) for task_id in range(1, 20)))
            code, frames, _, _ = parent.finish()
            self.assertEqual([frame.body for frame in frames], [b'%d' % task_id for task_id in range(1, 20)])
            self.assertEqual(code, 0)
        with forking() as parent:
            parent.task(1, b'', 'flood', flags=sdk.STREAM)
            code, frames, _, _ = parent.finish()
            self.assertEqual((code, frames[-1].type), (0, sdk.FAILURE))

    def test_no_process_to_be_had_fails_its_task_only(self):
        with forking(init={'processes': 0}) as parent:
            told = parent.call(1, b'').json
            self.assertEqual((told['name'], told['cause']['code']), ('ForkError', 'EAGAIN'))
            self.assertEqual(parent.call(2, b'').type, sdk.FAILURE)

    def test_threads_that_init_has_left_are_warned_of(self):
        with forking(init={'thread': True}, ready=False) as parent:
            self.assertIn('init has left threads behind (helper)', parent.expect(sdk.LOG).json['message'])
            parent.expect(sdk.READY)


if __name__ == '__main__':
    unittest.main()
