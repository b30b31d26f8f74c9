"""`python3 -m ostler_worker`: importable functions and classes as handlers, none of them edited."""
import os
import subprocess
import sys
import tempfile
import unittest

from parent import HERE, PATIENCE, Parent, sdk

SDK = os.path.dirname(HERE)


def program(*arguments, **options):
    """A worker that is started in the folder of the tests, where `importable` is."""
    return Parent('-m', 'ostler_worker', *arguments, **{'cwd': HERE, **options})


class Functions(unittest.TestCase):
    def test_one_function_is_the_default_and_has_its_own_name(self):
        with program('importable:shout') as parent:
            self.assertEqual(parent.hello['handlers'], [{'name': 'shout'}, {'name': 'default'}])
            self.assertEqual(parent.call(1, b'hi').body, b'HI')
            self.assertEqual(parent.call(2, b'hi', 'shout').body, b'HI')

    def test_several_are_handlers_by_name_and_the_first_is_the_default(self):
        with program('importable:scale', 'importable:shout', 'raise=math:pow', 'os.path:basename') as parent:
            self.assertEqual(parent.call(1, 4).value, 8)
            self.assertEqual(parent.call(2, b'x', 'shout').body, b'X')
            self.assertEqual(parent.call(3, 'a/b', 'basename').value, 'b')
            self.assertEqual({handler['name'] for handler in parent.hello['handlers']}, {'scale', 'shout', 'raise', 'basename', 'default'})

    def test_only_a_parameter_that_must_be_given_or_is_called_task_gets_the_task(self):
        with program(*('importable:%s' % name for name in ('about', 'optional_task', 'wrapped', 'scale')), 'zlib:compress') as parent:
            self.assertEqual(parent.call(1, 'v').value, {'id': 1, 'handler': 'default', 'value': 'v'})
            self.assertEqual(parent.call(2, 1, 'optional_task').value, 'optional_task')
            self.assertEqual(parent.call(3, 1, 'wrapped').value, [1])
            self.assertEqual(parent.call(4, 3, 'scale').value, 6)
            self.assertEqual(parent.call(5, b'', 'compress').body[:1], b'x')

    def test_hooks_are_functions_too_and_the_module_sees_its_folder_and_no_arguments(self):
        with program('--init', 'importable:prepare', '--close=importable:leave', 'importable:story', init={'a': 1}) as parent:
            self.assertEqual(parent.call(1, 0).value, ['imported with [] in test', "prepared with {'a': 1}"])
            code, _, out, _ = parent.finish()
            self.assertEqual(code, 0)
            if parent.private:
                self.assertEqual(out, b'left\n')

    def test_what_it_logs_is_a_line_of_its_task_with_its_level_and_traceback(self):
        with program('importable:log', 'importable:log_error') as parent:
            parent.task(1, 7)
            line = parent.expect(sdk.LOG, 1).json
            self.assertEqual(line, {'level': 'warn', 'message': 'logged 7', 'fields': {'logger': 'thumbs'}})
            self.assertIsNone(parent.reply(1).value)
            self.assertEqual(parent.call(2, 7, 'log_error').type, sdk.RESULT)
            line = parent.expect(sdk.LOG, 2).json
            self.assertEqual((line['level'], line['message'].splitlines()[-1]), ('error', 'ZeroDivisionError: division by zero'))
            self.assertEqual(parent.later, [])


class Classes(unittest.TestCase):
    def test_one_object_lives_as_long_as_the_worker_and_gets_init_data_and_info(self):
        with program('importable:Counter', init=10) as parent:
            self.assertEqual({handler['name'] for handler in parent.hello['handlers']}, {'add', 'where', 'double', 'run', 'default'})
            self.assertEqual([parent.call(task_id, 5, 'add').value for task_id in (1, 2)], [15, 20])
            self.assertEqual(parent.call(3, None, 'where').value, [3, 'where'])
            self.assertEqual(parent.call(4, 4, 'double').value, 8)
            self.assertEqual(parent.call(5, 1).value, ['run', 1])
            self.assertEqual(parent.call(6, 1, '_hidden').json['name'], 'HandlerNotFoundError')
            code, _, out, _ = parent.finish()
            self.assertEqual(code, 0)
            if parent.private:
                self.assertEqual(out, b'closed at 20\n')

    def test_the_only_method_is_the_default_and_a_name_stands_before_all(self):
        with program('one=importable:One', 'importable:Counter') as parent:
            self.assertEqual(parent.call(1, 'x').value, 'x')
            self.assertEqual(parent.call(2, 'x', 'one.only').value, 'x')
            self.assertEqual(parent.call(3, 'x', 'run').value, ['run', 'x'])


class Refusals(unittest.TestCase):
    def refuse(self, *arguments):
        """What the pool is told of a start that fails: (name, message, the names of its causes)."""
        with program(*arguments, ready=False) as parent:
            failure = parent.expect(sdk.FAILURE)
            told, causes = failure.json, []
            while 'cause' in told:
                told = told['cause']
                causes.append(told['name'])
            self.assertEqual((failure.id, parent.process.wait(PATIENCE)), (0, 1))
            return failure.json['name'], failure.json['message'], causes

    def test_a_module_that_is_not_there_is_told_with_the_places_and_the_interpreter(self):
        name, message, causes = self.refuse('thumbs:resize')
        self.assertEqual((name, causes), ('LoadError', ['ModuleNotFoundError']))
        self.assertTrue(message.startswith("cannot import thumbs: No module named 'thumbs'; interpreter %s " % sys.executable), message)
        self.assertIn('; sys.path is %s, ' % HERE, message)
        self.assertIn('interpreter %s (%s %d.%d.' % (sys.executable, sys.implementation.name, *sys.version_info[:2]), message)

    def test_a_name_that_is_not_there_is_told_with_the_file_and_what_is_meant(self):
        _, message, _ = self.refuse('importable:shuot')
        self.assertIn("importable:shuot: there is no 'shuot' in module importable (%s): did you mean shout?" % os.path.join(HERE, 'importable.py'), message)
        self.assertIn(sys.executable, message)
        self.assertIn('it has Broken, Counter, Empty,', self.refuse('importable:zzz')[1])
        self.assertIn("no 'away' in module importable", self.refuse('importable:Counter.away')[1])

    def test_a_module_that_fails_or_leaves_is_told_with_its_error(self):
        for text, wanted in ('1/0', 'ZeroDivisionError: division by zero'), ('def', 'SyntaxError'), ('import nowhere', "No module named 'nowhere'"), (
                'import sys; sys.exit("usage")', "it called sys.exit('usage')"), ('import ostler_worker; ostler_worker.serve({})', 'put the call under if __name__'):
            # A folder each: Python takes a file of the same size, changed in the same second, for the one that it has compiled.
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, 'broken.py'), 'w') as file:
                    file.write(text)
                with program('broken:f', cwd=folder, ready=False) as parent:
                    self.assertIn(wanted, parent.expect(sdk.FAILURE).json['message'])

    def test_what_is_nothing_to_call_or_twice_the_same_name_is_refused(self):
        self.assertIn('importable:SIZE is of type int, expected a function or a class', self.refuse('importable:SIZE')[1])
        self.assertIn('importable:Empty has no public method', self.refuse('importable:Empty')[1])
        self.assertIn("two of the targets are the handler 'scale'; give importable:scale another name",
                      self.refuse('importable:scale', 'importable:scale')[1])
        self.assertEqual(self.refuse('importable:Broken')[:2], ('ValueError', 'no licence'))
        self.assertIn('cannot import nowhere', self.refuse('--init', 'nowhere:f', 'importable:shout')[1])

    def test_a_wrong_command_line_prints_how_it_is_used(self):
        for arguments, wanted in {(): 'no TARGET', ('thumbs',): "expected module:function, module:Class or name=module:function, got 'thumbs'",
                                  ('a b:c',): "got 'a b:c'", ('--close',): "got ''", ('--ini', 'a:b'): 'unknown option --ini; there are --init, --close, --fork'}.items():
            with self.subTest(arguments):
                done = subprocess.run([sys.executable, '-m', 'ostler_worker', *arguments], cwd=SDK, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
                self.assertEqual((done.returncode, done.stdout), (2, ''))
                self.assertIn(wanted, done.stderr)
                self.assertIn('usage: python3 -m ostler_worker', done.stderr)


if __name__ == '__main__':
    unittest.main()
