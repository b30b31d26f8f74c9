import { expect, test } from 'vitest';
import { fillIn, takesInput } from '../../src/launch/argument-template.js';

const facts = { input: '/a/b.c/d.tar.gz', sequence: 7, slot: 2 };

test.each([
  ['{}', '/a/b.c/d.tar.gz'],
  ['{.}', '/a/b.c/d.tar'],
  ['{/}', 'd.tar.gz'],
  ['{//}', '/a/b.c'],
  ['{#}', '7'],
  ['{%}', '2'],
  ['{{', '{'],
  ['{{}', '{}'],
  ['{{{}', '{/a/b.c/d.tar.gz'],
  ['--out={/}.{#}', '--out=d.tar.gz.7'],
  ['{ }', '{ }'],
  ['{a: .b}', '{a: .b}'],
  ['}', '}'],
])('%s becomes %s', (word, filled) => {
  expect(fillIn(['cmd', word], facts)).toEqual(['cmd', filled]);
});

test.each([
  ['plain', { whole: 'plain', bare: 'plain', name: 'plain', folder: '.' }],
  ['.hidden', { whole: '.hidden', bare: '.hidden', name: '.hidden', folder: '.' }],
  ['/x', { whole: '/x', bare: '/x', name: 'x', folder: '/' }],
  ['a.d/b', { whole: 'a.d/b', bare: 'a.d/b', name: 'b', folder: 'a.d' }],
  ['$& $1', { whole: '$& $1', bare: '$& $1', name: '$& $1', folder: '.' }],
])('the input %s is taken apart', (input, { whole, bare, name, folder }) => {
  const filled = fillIn(['cmd', '{}', '{.}', '{/}', '{//}'], { ...facts, input });
  expect(filled).toEqual(['cmd', whole, bare, name, folder]);
});

test.each([
  ['C:\\a\\b.c\\d.tar.gz', { bare: 'C:\\a\\b.c\\d.tar', name: 'd.tar.gz', folder: 'C:\\a\\b.c' }],
  ['C:\\a.b/c', { bare: 'C:\\a.b/c', name: 'c', folder: 'C:\\a.b' }],
  ['C:\\x', { bare: 'C:\\x', name: 'x', folder: 'C:\\' }],
])('on Windows, the input %s is taken apart', (input, { bare, name, folder }) => {
  const filled = fillIn(['cmd', '{.}', '{/}', '{//}'], { ...facts, input }, 'win32');
  expect(filled).toEqual(['cmd', bare, name, folder]);
});

test('elsewhere, a backslash is no separator', () => {
  expect(fillIn(['cmd', '{/}', '{//}'], { ...facts, input: 'a\\b' }, 'linux')).toEqual(['cmd', 'a\\b', '.']);
});

test('the executable is never a template', () => {
  expect(fillIn(['{}', '{}'], { ...facts, input: 'x' })).toEqual(['{}', 'x']);
});

test.each([
  [['cmd'], false],
  [['{}'], false],
  [['cmd', '{#}', '{%}'], false],
  [['cmd', '{{}'], false],
  [['cmd', 'a', 'x{.}y'], true],
])('%j takes the input as an argument: %s', (command, takes) => {
  expect(takesInput(command)).toBe(takes);
});
