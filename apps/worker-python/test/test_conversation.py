"""A real worker process and the pool's side of the conversation."""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

from parent import FIXTURE, HERE, KEY, PATIENCE, Parent, number, sdk

posix_only = unittest.skipIf(os.name == 'nt', 'private descriptors are for POSIX')


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.parent = Parent(init={'model': 'small'}).__enter__()
        cls.addClassCleanup(cls.parent.__exit__)

    def call(self, body=b'', handler=None, **options):
        return self.parent.call(7, body, handler, **options)

    def test_hello_says_who_speaks_and_what_it_can_do(self):
        hello = self.parent.hello
        self.assertEqual(hello['protocol'], {'min': 1, 'max': 1})
        self.assertEqual(hello['pid'], self.parent.process.pid)
        self.assertEqual(hello['runtime']['version'], '%d.%d.%d' % sys.version_info[:3])
        self.assertEqual(hello['capabilities'], ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency'])
        self.assertIn({'name': 'tell'}, hello['handlers'])

    def test_bytes_give_bytes_and_a_handler_may_return_any_kind_of_them(self):
        for handler, wanted in {None: b'in', 'text': 'grün'.encode(), 'view': b'view', 'nothing': b''}.items():
            reply = self.call(b'in', handler)
            self.assertEqual((reply.type, reply.encoding, reply.body), (sdk.RESULT, sdk.BYTES, wanted))
        self.assertEqual(self.call(b'in', 'kind').body, b'bytes')

    def test_json_gives_json_and_nothing_is_null(self):
        self.assertEqual(self.call({'a': [1, None, 'ü']}).json, {'a': [1, None, 'ü']})
        self.assertIsNone(self.call(1, 'nothing').json)
        self.assertEqual(self.call(1, 'text').json, 'grün')

    def test_bytes_in_a_json_value_travel_beside_it_and_arrive_as_memoryview(self):
        reply = self.call({'data': b'12'}, 'attach')
        self.assertEqual(reply.encoding, sdk.ATTACHMENTS)
        self.assertEqual(reply.value, {'copy': b'12', 'kind': 'memoryview'})

    def test_a_task_tells_all_about_itself(self):
        fields = (number(2, 60_000) + number(3, 2) + sdk.encode_field(4, b'acme') + sdk.encode_field(5, b'key')
                  + sdk.encode_field(6, b'trace') + sdk.encode_field(200, b'from the future') + sdk.encode_field(8, b'{"a":"b"}'))
        self.assertEqual(self.call({}, 'tell', fields=fields).json, {
            'id': 7, 'handler': 'tell', 'attempt': 2, 'tenant': 'acme', 'metadata': {'a': 'b'}, 'key': 'key', 'slot': 3,
            'limited': True, 'trace': ['trace', None],
            'about': {'data': {'model': 'small'}, 'slot': 3, 'worker': 7, 'pool': 'tests'}})

    def test_an_error_is_told_with_stack_data_and_cause(self):
        failure = self.call(b'', 'fail')
        told = failure.json
        self.assertEqual((failure.type, failure.flags), (sdk.FAILURE, 0))
        self.assertEqual((told['name'], told['message'], told['data']), ('OddError', 'odd', {'reason': {'n': 1}}))
        self.assertIn('raise OddError() from error', told['stack'])
        self.assertNotIn(os.path.join('ostler_worker', ''), told['stack'])
        self.assertEqual(told['cause']['name'], 'FileNotFoundError')
        self.assertEqual(told['cause']['code'], 'ENOENT')

    def test_an_unknown_handler_is_told_with_the_known_ones(self):
        told = self.call(b'', 'no such').json
        self.assertEqual(told['name'], 'HandlerNotFoundError')
        self.assertIn('sha512', told['data']['known'])

    def test_a_value_that_json_would_change_is_refused_with_its_path(self):
        told = self.call({}, 'not_json').json
        self.assertEqual((told['name'], told['data']), ('JsonValueError', {'path': '/a~1b/0'}))

    def test_what_is_no_reply_for_bytes_is_a_type_error(self):
        self.assertEqual(self.call(b'', 'number').json['name'], 'ReplyKindError')

    def test_a_malformed_value_fails_its_task_only(self):
        for encoding, body in (sdk.JSON, b'{'), (sdk.JSON, b'NaN'), (sdk.JSON, b'\xff'), (sdk.ATTACHMENTS, b'1'), (9, b'1'):
            self.parent.send(sdk.TASK, 7, body, encoding=encoding)
            self.assertEqual(self.parent.reply(7).type, sdk.FAILURE)

    def test_memory_that_is_not_there_and_odd_exceptions_fail_their_task_only(self):
        self.assertIn(self.call(b'', 'no_memory').json['name'], ('MemoryError', 'OverflowError'))
        self.assertEqual(self.call(b'', 'weird').json['name'], 'Weird')
        self.assertEqual(self.call(b'x', 'in_thread').body, b'x')

    def test_text_that_a_task_prints_is_its_log_and_comes_before_its_reply(self):
        self.parent.task(9, b'x', 'talk')
        logs = [self.parent.expect(sdk.LOG) for _ in range(5)]
        self.assertEqual({log.id for log in logs}, {9})
        records = [log.json for log in logs]
        self.assertIn({'level': 'info', 'message': 'one', 'source': 'stdout'}, records)
        self.assertIn({'level': 'info', 'message': 'two', 'source': 'stdout'}, records)
        self.assertIn({'level': 'error', 'message': 'wrong', 'source': 'stderr'}, records)
        self.assertIn({'level': 'error', 'message': 'logged', 'source': 'stderr'}, records)
        careful = next(record for record in records if 'fields' in record)
        self.assertEqual((careful['level'], careful['fields']['size']), ('warn', 3))
        self.assertEqual(self.parent.expect(sdk.PROGRESS, 9).json, {'done': 0.5})
        self.assertEqual(self.parent.later, [])
        self.assertEqual(self.parent.reply(9).body, b'x')

    def test_large_bodies_go_in_pieces_both_ways(self):
        body = os.urandom(5_000_000)
        pieces = list(sdk.split_frames(sdk.Limits(KEY), sdk.TASK, 8, body))
        self.parent.write(pieces[0])
        self.parent.send(sdk.PING, 55)
        self.assertEqual(self.parent.expect(sdk.PONG).id, 55)
        self.parent.write(b''.join(pieces[1:]))
        frames = [self.parent.next() for _ in range(5)]
        self.assertEqual([frame.flags for frame in frames], [1, 1, 1, 1, 0])
        self.assertEqual(b''.join(frame.body for frame in frames), body)

    def test_frames_of_unknown_types_and_late_cancels_are_ignored(self):
        self.parent.send(99, 1, b'?')
        self.parent.send(sdk.CANCEL, 4_000_000_000)
        self.parent.send(sdk.CREDIT, 1, metadata=number(48, 1))
        self.assertEqual(self.call(b'still here').body, b'still here')

    def test_frames_may_come_byte_by_byte(self):
        for byte in self.parent.encode_task(7, b'slow', 'sha512'):
            self.parent.write(bytes([byte]))
        self.assertEqual(len(self.parent.reply(7).body), 64)

    def test_a_stream_comes_item_by_item(self):
        for handler in 'numbers', 'numbers_async':
            self.parent.task(7, b'3', handler, flags=sdk.STREAM)
            frames = [self.parent.next() for _ in range(4)]
            self.assertEqual([(frame.type, frame.body) for frame in frames],
                             [(sdk.CHUNK, b'0'), (sdk.CHUNK, b'1'), (sdk.CHUNK, b'2'), (sdk.END, b'')])

    def test_one_value_for_a_caller_that_streams_is_one_chunk(self):
        self.parent.task(7, b'one', flags=sdk.STREAM)
        self.assertEqual([(frame.type, frame.body) for frame in (self.parent.next(), self.parent.next())],
                         [(sdk.CHUNK, b'one'), (sdk.END, b'')])

    def test_a_stream_for_a_caller_that_takes_one_value_is_refused(self):
        for handler in 'numbers', 'numbers_async':
            self.assertEqual(self.call(b'3', handler).json['name'], 'ReplyKindError')


class Limits(unittest.TestCase):
    def test_a_reply_over_the_limit_is_a_failure_that_names_it(self):
        with Parent(max_body=1_000) as parent:
            self.assertEqual(parent.call(1, b'1000', 'large').type, sdk.RESULT)
            told = parent.call(2, b'1001', 'large').json
            self.assertEqual((told['name'], told['data']), ('BodyTooLargeError', {'size': 1_001, 'limit': 1_000}))

    def test_what_is_told_of_an_error_fits_into_a_frame(self):
        with Parent(max_frame=600) as parent:
            failure = parent.call(1, b'', 'no such handler')
            self.assertLessEqual(len(failure.body), 600)
            self.assertEqual(failure.json['name'], 'HandlerNotFoundError')

    def test_a_task_over_the_limit_is_damage_before_a_byte_of_it_is_kept(self):
        with Parent(max_body=1_000) as parent:
            parent.send(sdk.TASK, 1, b'x' * 100, flags=sdk.MORE, metadata=number(9, 1_001))
            self.assertEqual(parent.process.wait(PATIENCE), 70)
            self.assertIn('announces a body of 1001 bytes', parent.errors())


class Cancelling(unittest.TestCase):
    def test_a_running_handler_sees_it(self):
        with Parent() as parent:
            parent.task(1, b'', 'wait')
            parent.expect(sdk.PROGRESS)
            parent.send(sdk.CANCEL, 1)
            self.assertEqual(parent.reply(1).body, b'saw it')

    def test_a_handler_that_gives_up_fails_with_the_flag(self):
        with Parent() as parent:
            parent.task(1, b'', 'wait_and_give_up')
            parent.expect(sdk.PROGRESS)
            parent.send(sdk.CANCEL, 1)
            failure = parent.reply(1)
            self.assertEqual((failure.type, failure.flags, failure.json['message']), (sdk.FAILURE, sdk.CANCELLED, 'gave up'))

    def test_an_async_handler_is_interrupted(self):
        with Parent() as parent:
            for task_id in 1, 2:
                parent.task(task_id, b'', 'wait_async')
                parent.expect(sdk.PROGRESS)
                parent.send(sdk.CANCEL, task_id)
                failure = parent.reply(task_id)
                self.assertEqual((failure.flags, failure.json['name']), (sdk.CANCELLED, 'CancelledError'))

    def test_a_waiting_task_comes_back_at_once_while_a_handler_runs(self):
        with Parent() as parent:
            parent.write(parent.encode_task(1, b'', 'wait') + b''.join(parent.encode_task(i, b'%d' % i) for i in (2, 3, 4)))
            parent.expect(sdk.PROGRESS)
            parent.send(sdk.CANCEL, 3)
            failure = parent.reply(3)
            self.assertEqual(failure.flags, sdk.CANCELLED | sdk.NOT_STARTED)
            parent.task(3, b'again')
            parent.send(sdk.PING, 77)
            parent.expect(sdk.PONG)
            parent.send(sdk.CANCEL, 1)
            self.assertEqual([(frame.id, frame.body) for frame in (parent.reply() for _ in range(4))],
                             [(1, b'saw it'), (2, b'2'), (4, b'4'), (3, b'again')])

    def test_a_task_whose_body_is_still_coming_is_given_back_when_it_has_come(self):
        with Parent() as parent:
            first, rest = b'x' * 100, b'y' * 50
            parent.send(sdk.TASK, 1, first, flags=sdk.MORE, metadata=number(9, 200) + sdk.encode_field(1, b'exit'))
            parent.send(sdk.CANCEL, 1)
            parent.send(sdk.BODY, 1, rest, flags=sdk.MORE)
            parent.send(sdk.PING, 5)
            parent.expect(sdk.PONG)
            self.assertEqual(parent.later, [], 'the pieces that follow need the id')
            parent.send(sdk.BODY, 1, rest)
            self.assertEqual(parent.reply(1).flags, sdk.CANCELLED | sdk.NOT_STARTED)
            self.assertEqual(parent.call(1, b'the id again').body, b'the id again')

    def test_a_stream_stops_without_credit_goes_on_with_it_and_is_closed_by_cancel(self):
        for handler in 'flood', 'flood_async':
            with self.subTest(handler), Parent() as parent:
                parent.task(1, b'', handler, flags=sdk.STREAM)
                chunks = [parent.expect(sdk.CHUNK) for _ in range(sdk.INITIAL_CREDIT // 65_536)]
                parent.send(sdk.PING, 1)
                parent.expect(sdk.PONG)
                self.assertEqual(parent.later, [], 'more than the credit came')
                parent.send(sdk.CREDIT, 1, metadata=number(48, 65_537))
                chunks += [parent.expect(sdk.CHUNK), parent.expect(sdk.CHUNK)]
                self.assertEqual({len(chunk.body) for chunk in chunks}, {65_536})
                parent.send(sdk.CANCEL, 1)
                failure = parent.reply(1)
                self.assertEqual((failure.type, failure.flags), (sdk.FAILURE, sdk.CANCELLED))
                self.assertEqual(parent.expect(sdk.LOG).json['message'], 'closed')
                self.assertEqual(parent.call(2, b'next').body, b'next')


class Concurrency(unittest.TestCase):
    def test_async_handlers_run_at_once_and_print_in_their_own_names(self):
        with Parent(concurrency=4) as parent:
            parent.write(parent.encode_task(1, b'a', 'meet') + parent.encode_task(2, b'b', 'meet'))
            self.assertEqual({(frame.id, frame.body) for frame in (parent.reply(), parent.reply())}, {(1, b'a'), (2, b'b')})
            self.assertEqual({parent.expect(sdk.LOG).id, parent.expect(sdk.LOG).id}, {1, 2})

    def test_cancel_and_streams_and_the_end_work_as_ever(self):
        with Parent(concurrency=4) as parent:
            parent.write(parent.encode_task(1, b'', 'wait_async') + parent.encode_task(2, b'', 'flood_async', flags=sdk.STREAM)
                         + parent.encode_task(3, b'', 'flood', flags=sdk.STREAM) + parent.encode_task(4, b'2', 'numbers', flags=sdk.STREAM))
            self.assertEqual(parent.reply(4).type, sdk.END)
            for task_id in 1, 2, 3:
                parent.send(sdk.CANCEL, task_id)
                self.assertEqual(parent.reply(task_id).flags, sdk.CANCELLED)
            parent.task(5, b'last')
            code, frames, _, _ = parent.finish()
            self.assertEqual((code, [frame.body for frame in frames if frame.type == sdk.RESULT]), (0, [b'last']))


class BeginningAndEnd(unittest.TestCase):
    def test_end_of_file_lets_the_received_tasks_finish_then_closes_and_exits_with_0(self):
        with Parent() as parent:
            parent.write(b''.join(parent.encode_task(i, b'%d' % i) for i in range(1, 50)))
            code, frames, out, _ = parent.finish()
            self.assertEqual([frame.body for frame in frames], [b'%d' % i for i in range(1, 50)])
            self.assertEqual(code, 0)
            if parent.private:
                self.assertEqual(out, b'closed\n')

    def test_a_stream_without_credit_does_not_keep_a_worker_whose_pool_is_gone(self):
        for handler in 'flood', 'flood_async':
            with self.subTest(handler), Parent() as parent:
                parent.task(1, b'', handler, flags=sdk.STREAM)
                code, frames, _, _ = parent.finish()
                self.assertEqual((code, frames[-1].type), (0, sdk.FAILURE))

    def test_init_that_fails_is_told_and_exits_with_1(self):
        with Parent(init={'fail': True}, ready=False) as parent:
            failure = parent.expect(sdk.FAILURE)
            self.assertEqual((failure.id, failure.json['message']), (0, 'no model'))
            self.assertEqual(parent.process.wait(PATIENCE), 1)
            self.assertIn('RuntimeError: no model', parent.errors())

    def test_another_version_is_refused_naming_both(self):
        with Parent(version=2, ready=False) as parent:
            self.assertIn('the pool speaks protocol 2, ostler_worker', parent.expect(sdk.FAILURE).json['message'])
            self.assertEqual(parent.process.wait(PATIENCE), 1)

    def test_end_of_file_before_welcome_exits_with_0(self):
        with Parent(welcome=False) as parent:
            code, frames, _, errors = parent.finish()
            self.assertEqual((code, [frame.type for frame in frames], errors), (0, [sdk.HELLO], b''))

    def test_damage_exits_with_70_and_a_line(self):
        good = sdk.encode_frame(KEY, sdk.TASK, 1, b'12345678')
        damaged = {
            'stray text': b'print("hello world, this is not a frame")',
            'another key': sdk.encode_frame(1, sdk.TASK, 1, b'x'),
            'an altered body': good[:24] + b'inserted' + good[24:],
            'a truncated frame': good[:-1],
            'a body of nobody': sdk.encode_frame(KEY, sdk.BODY, 1, b'x'),
            'pieces that are too long': sdk.encode_frame(KEY, sdk.word_of(sdk.TASK, sdk.MORE), 1, b'xx', number(9, 1)),
            'metadata that is cut': sdk.encode_frame(KEY, sdk.TASK, 1, b'', b'\1\0\5\0x'),
        }
        for name, data in damaged.items():
            with self.subTest(name), Parent() as parent:
                parent.write(data)
                code, _, _, errors = parent.finish()
                self.assertEqual(code, 70)
                self.assertIn(b'damage on the task channel', errors)

    def test_sys_exit_and_os_exit_in_a_handler_end_the_process_as_asked(self):
        for handler, code in ('exit', 4), ('vanish', 5):
            with self.subTest(handler), Parent() as parent:
                parent.write(parent.encode_task(1, b'first') + parent.encode_task(2, b'4', handler))
                self.assertEqual([frame.id for frame in parent.rest()], [1])
                self.assertEqual(parent.process.wait(PATIENCE), code)

    def test_what_a_task_left_behind_names_it_when_it_ends_the_worker(self):
        with Parent() as parent:
            self.assertEqual(parent.call(1, b'', 'leave_behind').body, b'left')
            parent.task(2, b'', 'wait_async')
            words = parent.expect(sdk.LAST_WORDS)
            self.assertEqual((words.id, words.json['name'], words.json['handler']), (1, 'SystemExit', 'leave_behind'))
            self.assertEqual(parent.process.wait(PATIENCE), 3)

    def test_a_worker_leaves_when_nobody_reads_its_replies(self):
        with Parent() as parent:
            parent.task(1, b'', 'wait')
            parent.expect(sdk.PROGRESS)
            parent.send(sdk.CANCEL, 1)
            if parent.private:
                parent.socket.close()
            else:
                parent.process.stdout.close()
                parent.process.stdin.close()
            self.assertIn(parent.process.wait(PATIENCE), (0, 1))

    @posix_only
    def test_ctrl_c_is_not_for_a_worker(self):
        with Parent() as parent:
            parent.task(1, b'', 'wait')
            parent.expect(sdk.PROGRESS)
            parent.process.send_signal(signal.SIGINT)
            parent.send(sdk.CANCEL, 1)
            self.assertEqual(parent.reply(1).body, b'saw it')


class Channel(unittest.TestCase):
    @posix_only
    def test_private_descriptors_leave_output_to_print_native_writes_and_children(self):
        with Parent() as parent:
            self.assertEqual(parent.call(1, b'', 'talk_raw').body, b'0', 'stdin is the null device')
            self.assertEqual(parent.expect(sdk.LOG).json['message'], 'captured')
            code, frames, out, errors = parent.finish()
            self.assertEqual((code, frames), (0, []))
            self.assertEqual(out, b"raw\nnative\nchild got ''\nclosed\n")
            self.assertEqual(errors, b'child\n')

    def test_without_them_stdin_and_stdout_are_moved_away_and_output_goes_to_stderr(self):
        with Parent(private=False) as parent:
            self.assertEqual(parent.call(1, b'', 'talk_raw').body, b'0')
            self.assertEqual(parent.expect(sdk.LOG).json['message'], 'captured')
            self.assertEqual(parent.call(2, b'after').body, b'after')
            code, frames, _, errors = parent.finish()
            self.assertEqual((code, frames), (0, []))
            printed = b"raw %schild got '' child closed" % (b'native ' if os.name != 'nt' else b'')
            self.assertEqual(sorted(errors.split()), sorted(printed.split()))

    def test_text_outside_of_tasks_stays_on_the_pipes(self):
        with Parent(init={'print': True}) as parent:
            code, frames, out, errors = parent.finish()
            self.assertIn(b'warming up', out if parent.private else errors)
            self.assertEqual((code, frames), (0, []))

    @posix_only
    def test_a_forked_child_that_comes_back_never_speaks_for_the_worker(self):
        with Parent() as parent:
            self.assertEqual(parent.call(1, b'', 'fork').body, b'%d' % (1 << 8))
            self.assertEqual(parent.call(2, b'parent').body, b'parent')
            _, frames, out, _ = parent.finish()
            self.assertLessEqual({frame.type for frame in frames}, {sdk.LOG})  # newer Pythons warn of fork
            self.assertIn(b'from the child', out)

    @posix_only
    def test_children_inherit_neither_the_descriptors_nor_their_names(self):
        code = ('import os, subprocess, ostler_worker\n'
                'look = "ls /proc/self/fd 2>/dev/null || ls /dev/fd; echo $OSTLER_CHANNEL$OSTLER_LEDGER"\n'
                'ostler_worker.serve({"default": lambda value: subprocess.check_output(["sh", "-c", look], close_fds=False)})\n')
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(folder, 'worker.py')
            with open(script, 'w') as file:
                file.write(code)
            with Parent(script, ledger=4_096) as parent:
                descriptors = parent.call(1, b'').body.split()
                self.assertLessEqual(set(descriptors), {b'0', b'1', b'2', b'3'})  # 3: what ls itself reads


class Template(unittest.TestCase):
    def test_main_py_serves_its_handlers(self):
        with Parent(os.path.join(os.path.dirname(HERE), 'main.py')) as parent:
            import hashlib
            self.assertEqual(parent.call(1, b'x').body, b'x')
            self.assertEqual(parent.call(2, b'x', 'sha512').body, hashlib.sha512(b'x').digest())
            parent.task(3, b'a\nb', 'lines', flags=sdk.STREAM)
            self.assertEqual([parent.next().body for _ in range(3)], [b'a\n', b'b', b''])
            self.assertEqual(parent.call(4, 0, 'pause').json['paused'], 0)
            self.assertEqual(parent.finish()[0], 0)


if __name__ == '__main__':
    unittest.main()
