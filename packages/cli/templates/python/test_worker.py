import unittest

import worker


class Task:
    def log(self, level, message, **fields):
        self.logged = (level, message, fields)


class Handlers(unittest.TestCase):
    def test_echo_gives_back_what_it_gets(self):
        self.assertEqual(worker.echo(b'as it was'), b'as it was')

    def test_sha512_is_a_digest_in_hex(self):
        self.assertTrue(worker.sha512(b'hello').startswith('9b71d224bd62f378'))

    def test_add_adds_and_logs(self):
        task = Task()
        self.assertEqual(worker.add({'a': 1, 'b': 2}, task), {'sum': 3})
        self.assertEqual(task.logged, ('info', 'adding', {'a': 1, 'b': 2}))


if __name__ == '__main__':
    unittest.main()
