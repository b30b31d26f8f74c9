"""What the package promises about its own source."""
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from parent import HERE

PACKAGE = os.path.join(os.path.dirname(HERE), 'ostler_worker')


def sources():
    return [os.path.join(PACKAGE, name) for name in sorted(os.listdir(PACKAGE)) if name.endswith('.py')]


class Source(unittest.TestCase):
    def test_every_module_is_python_3_9(self):
        for path in sources():
            with self.subTest(os.path.basename(path)), open(path, encoding='utf-8') as file:
                ast.parse(file.read(), path, feature_version=(3, 9))

    def test_every_function_says_what_it_takes_and_gives(self):
        for path in sources():
            with open(path, encoding='utf-8') as file:
                tree = ast.parse(file.read(), path)
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                    bare = [argument.arg for argument in arguments if argument.annotation is None and argument.arg != 'self']
                    with self.subTest('%s, %s' % (os.path.basename(path), node.name)):
                        self.assertEqual(bare, [])
                        self.assertIsNotNone(node.returns)

    @unittest.skipUnless(shutil.which('mypy'), 'needs mypy')
    def test_mypy_finds_nothing_when_strict(self):
        with tempfile.TemporaryDirectory() as cache:
            found = subprocess.run(['mypy', '--cache-dir', cache], cwd=os.path.dirname(PACKAGE), stdout=subprocess.PIPE, text=True)
        self.assertEqual(found.returncode, 0, found.stdout)

    def test_to_import_it_loads_neither_asyncio_nor_typing_nor_inspect(self):
        program = 'import sys; before = set(sys.modules); import ostler_worker; print(*set(sys.modules) - before)'
        loaded = subprocess.check_output([sys.executable, '-I', '-S', '-c', 'import sys; sys.path.insert(0, %r); %s'
                                          % (os.path.dirname(PACKAGE), program)], text=True).split()
        self.assertIn('ostler_worker.turns', loaded)
        self.assertEqual({'asyncio', 'typing', 'inspect', 'subprocess', 'traceback', 'multiprocessing'} & set(loaded), set())


if __name__ == '__main__':
    unittest.main()
