"""The ledger: what a worker has finished survives a kill -9, and what it had begun is known."""
import os
import random
import signal
import tempfile
import unittest

from parent import HERE, KEY, Parent, sdk
from test_frames import bytes_of, load_vectors

DIES_AT = os.path.join(HERE, 'dies_at.py')
SIZE = 64 + 4_096
TASKS = 16


@unittest.skipIf(os.name == 'nt', 'the ledger is for POSIX')
class Death(unittest.TestCase):
    def setUp(self):
        marks = tempfile.NamedTemporaryFile()
        self.addCleanup(marks.close)
        self.marks = marks.name

    def run_tasks(self, die_at, die_in, ledger):
        """(finished, replied, started, what close() printed) of a worker that got TASKS tasks, in two batches."""
        with open(self.marks, 'wb'):
            pass
        with Parent(DIES_AT, ledger=ledger, environment={'DIE_AT': str(die_at), 'DIE_IN': die_in, 'MARKS': self.marks}) as parent:
            replied = []

            def note(frame):
                self.assertEqual((frame.type, frame.body), (sdk.RESULT, b'reply to %d' % frame.id))
                replied.append(frame.id)

            try:
                for batch in range(1, 13), range(13, TASKS + 1):
                    parent.write(b''.join(parent.encode_task(i, b'%d' % i) for i in batch))
                    for _ in batch:
                        note(parent.next())
                parent.end_input()
                self.assertEqual(parent.rest(), [])
            except (StopIteration, BrokenPipeError, sdk.Damage):
                pass  # died; a frame that is cut off counts as none
            parent.process.wait()
            started = None
            if ledger:
                magic, started, frames = parent.read_ledger()
                self.assertEqual(magic, sdk.LEDGER_MAGIC)
                for frame in frames:
                    if frame.id not in replied:
                        note(frame)
            with open(self.marks, 'rb') as file:
                finished = {i for i, mark in enumerate(file.read()) if mark == ord('x')}
            return finished, replied, started, parent.process.stdout.read()

    def moments(self, count, die_in, ledger):
        """Random instructions to die at, of all those that a worker runs which lives."""
        finished, replied, _, out = self.run_tasks(0, die_in, ledger)
        self.assertEqual((finished, replied), (set(range(1, TASKS + 1)), list(range(1, TASKS + 1))))
        return random.Random(count).sample(range(1, int(out)), count)

    def test_at_any_instruction_loses_no_finished_reply_and_the_ledger_names_the_culprit(self):
        for die_in, count in ('', 20), ('begin,publish,flush,_write', 60):
            for die_at in self.moments(count, die_in, SIZE):
                with self.subTest(die_at=die_at, die_in=die_in):
                    finished, replied, started, _ = self.run_tasks(die_at, die_in, SIZE)
                    self.assertEqual(replied, list(range(1, len(replied) + 1)))
                    self.assertLessEqual(finished - set(replied), {started})
                    self.assertIn(started, (len(replied), len(replied) + 1))

    def test_at_any_instruction_without_a_ledger_leaves_one_suspect(self):
        for die_at in self.moments(30, '', 0):
            with self.subTest(die_at=die_at):
                finished, replied, _, _ = self.run_tasks(die_at, '', 0)
                self.assertEqual(replied, list(range(1, len(replied) + 1)))
                self.assertLessEqual(finished - set(replied), {len(replied) + 1})

    def test_from_outside_at_any_moment_leaves_an_unbroken_row_of_replies(self):
        for after in random.Random(3).sample(range(1, 2_000), 8):
            with self.subTest(after=after), Parent(ledger=SIZE) as parent:
                parent.write(b''.join(parent.encode_task(i, b'%d' % i) for i in range(1, 2_001)))
                for _ in range(after):
                    parent.next()
                parent.process.send_signal(signal.SIGKILL)
                replied = after
                try:
                    replied += len(parent.rest())
                except sdk.Damage:
                    replied = None  # the channel ends within a frame; the ledger has that one whole
                _, started, frames = parent.read_ledger()
                last = max([frame.id for frame in frames], default=replied)
                if replied is not None:
                    last = max(last, replied)
                    self.assertIn(replied + 1, [frame.id for frame in frames] + [last + 1])
                self.assertIn(started, (last, last + 1))


@unittest.skipIf(os.name == 'nt', 'the ledger is for POSIX')
class Use(unittest.TestCase):
    def test_hello_offers_it_and_replies_of_any_size_come_in_order(self):
        with Parent(ledger=SIZE, max_frame=65_536) as parent:
            self.assertIn('ledger', parent.hello['capabilities'])
            sizes = [0, 1, 8, 4_000, 4_064, 4_065, 60_000, 70_000, 5, 3_000, 3_000]
            parent.write(b''.join(parent.encode_task(i + 1, b'%d' % size, 'large') for i, size in enumerate(sizes)))
            frames = parent.finish()[1]
            self.assertEqual([len(frame.body) for frame in frames if not frame.flags and frame.type == sdk.RESULT and frame.id != 8],
                             sizes[:7] + sizes[8:])
            self.assertEqual(sum(len(frame.body) for frame in frames if frame.id == 8), 70_000)
            self.assertEqual(parent.read_ledger()[2], [])

    def send_short_long_short(self, parent):
        """Of these, replies go out in threes, so the tenth would wait behind task 11."""
        parent.write(b''.join(parent.encode_task(i, b'%d' % i) for i in range(1, 11))
                     + parent.encode_task(11, b'', 'wait') + parent.encode_task(12, b'after'))

    def test_a_finished_reply_does_not_wait_behind_a_long_task(self):
        with Parent(ledger=SIZE) as parent:
            self.send_short_long_short(parent)
            parent.expect(sdk.PROGRESS)
            self.assertEqual([parent.reply().id for _ in range(10)], list(range(1, 11)))
            self.assertEqual(parent.read_ledger()[1], 11)
            parent.send(sdk.CANCEL, 11)
            self.assertEqual([parent.reply().id, parent.reply().id], [11, 12])

    def test_nor_does_it_wait_when_the_channel_has_ended(self):
        with Parent(ledger=SIZE) as parent:
            parent.write(b''.join(parent.encode_task(i, b'%d' % i) for i in range(1, 11)) + parent.encode_task(11, b'', 'wait_for_signal')
                         + parent.encode_task(12, b'after'))
            parent.end_input()
            self.assertEqual([parent.reply().id for _ in range(10)], list(range(1, 11)))
            parent.process.send_signal(signal.SIGUSR1)
            self.assertEqual([frame.id for frame in parent.rest() if frame.type == sdk.RESULT], [11, 12])

    @unittest.skipUnless(load_vectors(), 'the golden vectors are not there')
    def test_it_is_left_as_the_golden_vectors_say(self):
        vectors = {vector['name']: vector for vector in load_vectors()}
        wanted, flushed = vectors['ledger'], vectors['ledger-flushed']
        read_end, write_end = os.pipe()
        with tempfile.TemporaryFile() as file, os.fdopen(read_end, 'rb', 0) as channel:
            file.truncate(512)
            outbox = sdk.Outbox(write_end, sdk.Limits(KEY, wanted['maxFrame']))
            outbox.use_ledger(file.fileno(), 512)
            outbox.words[sdk.GENERATION] = 4
            outbox.publish(sdk.RESULT, 7, b'x')
            outbox.publish(sdk.RESULT, 7, bytes(80))
            outbox.flush()
            for event in wanted['events']:
                outbox.begin(event['id'])
                outbox.publish(sdk.word_of(event['type'], event['flags'], event['encoding']), event['id'], bytes.fromhex(event['body']))
            outbox.begin(43)
            end = 64 + wanted['ledger']['encoded']
            self.assertEqual(os.pread(file.fileno(), end, 0), bytes_of(wanted)[:end])
            channel.read(1 << 16)
            outbox.flush()
            self.assertEqual(channel.read(1 << 16), bytes_of(wanted)[64:end])
            self.assertEqual(os.pread(file.fileno(), 64, 0), bytes_of(flushed)[:64])
            os.close(write_end)


if __name__ == '__main__':
    unittest.main()
