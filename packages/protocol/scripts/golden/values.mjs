import { attached, frame, json, u32, wellFormed } from './format.mjs';

/** A TASK whose body is no value, though its frame is fine. */
function malformed(name, holds, body) {
  return wellFormed(name, {
    from: 'parent',
    holds,
    must: 'refuse the value and not the frame: no crash, no memory beyond the body; the task ends with FAILURE',
    frames: [frame('TASK', { id: 30, encoding: 2, body, invalidValue: true })],
  });
}

const table = (text, lengths, rest = '') =>
  Buffer.concat([u32(text.length, lengths.length / 2, ...lengths), Buffer.from(text + rest)]);

const numbers = '[0,-0,1,-1,0.1,1e+21,5e-324,1.7976931348623157e+308,9007199254740991]';
const texts = '["","ä€😀","\\"\\\\\\/\\b\\f\\n\\r\\t","\\u0000\\u2028","\\ud83d\\ude00","\\ud800","\ufeff"]';

export const values = [
  wellFormed('json-values', {
    from: 'parent',
    holds:
      'JSON of all kinds: numbers at their limits, texts with escapes, half a surrogate pair and a BOM, keys like __proto__',
    must: 'give it back unchanged from a handler that returns its input (the same value; its text may differ)',
    frames: [
      frame('TASK', { id: 20, body: json(numbers) }),
      frame('TASK', { id: 21, body: json(texts) }),
      frame('TASK', {
        id: 22,
        body: json('{"":1,"__proto__":{"a":1},"constructor":null,"a":{"b":[[],{},true,false]}}'),
      }),
      frame('TASK', { id: 23, body: json(' "spaces around" ') }),
    ],
  }),
  wellFormed('attachments', {
    from: 'parent',
    holds: 'JSON with three attachments: in an object, in a list, and an empty one',
    must: 'put bytes in the place of each null that a path names, and leave other nulls alone',
    frames: [
      frame('TASK', {
        id: 24,
        body: attached('{"name":"a.png","data":null,"tiles":[1,null,{"x":null}],"none":null}', [
          ['/data', Buffer.from('89504e470d0a1a0a', 'hex')],
          ['/tiles/1', Buffer.from([0, 255])],
          ['/tiles/2/x', ''],
        ]),
      }),
    ],
  }),
  wellFormed('attachment-at-root', {
    from: 'worker',
    holds: 'RESULT that is one attachment: the path is empty, the JSON null',
    must: 'write it when a handler of a JSON task gives bytes back',
    frames: [frame('RESULT', { id: 24, body: attached('null', [['', 'raw bytes']]) })],
  }),
  wellFormed('attachment-paths', {
    from: 'parent',
    holds: 'paths with ~ and / in keys (~0 and ~1), an empty key, a key of digits, __proto__, letters beyond ASCII',
    must: 'unescape ~1 before ~0, take digits as a key in an object, and change no prototype',
    frames: [
      frame('TASK', {
        id: 25,
        body: attached(
          '{"a/b":null,"m~n":null,"~1":null,"":{"":null},"0":{"1":null},"__proto__":{"p":null},"größe":null}',
          [
            ['/a~1b', '1'],
            ['/m~0n', '2'],
            ['/~01', '3'],
            ['//', '4'],
            ['/0/1', '5'],
            ['/__proto__/p', '6'],
            ['/größe', '7'],
          ],
        ),
      }),
    ],
  }),
  wellFormed('attachments-none', {
    from: 'parent',
    holds: 'encoding 2 with a table of no attachments',
    must: 'read it as JSON',
    frames: [frame('TASK', { id: 26, body: attached('{"a":null}', []) })],
  }),
  malformed(
    'malformed-table-short',
    'a body of encoding 2 that is shorter than its two first numbers',
    Buffer.from('12345'),
  ),
  malformed('malformed-table-count', 'a table that claims 4294967295 attachments', u32(4, 0xffffffff, 0, 0)),
  malformed('malformed-table-sum', 'parts that are one byte less than the body', table('null', [0, 3], 'bytes')),
  malformed(
    'malformed-table-lengths',
    'lengths whose sum overflows 32 bits to the right one',
    table('null', [0xfffffffc, 9], 'bytes'),
  ),
  malformed('malformed-path-value', 'a path to a value that is not null', table('{"a":1}', [2, 1], '/a!')),
  malformed('malformed-path-nowhere', 'a path to a member that is not there', table('{"a":1}', [2, 1], '/b!')),
  malformed(
    'malformed-path-prototype',
    'a path to what objects inherit',
    table('{"a":1}', [20, 1], '/__proto__/__proto__!'),
  ),
  malformed('malformed-path-twice', 'two attachments for one place', table('[null]', [2, 1, 2, 1], '/0/0!!')),
  malformed('malformed-path-index', 'a list index with a leading zero', table('[1,null]', [3, 1], '/01!')),
  malformed('malformed-path-no-pointer', 'a path that does not begin with a slash', table('{"a":null}', [1, 1], 'a!')),
  malformed('malformed-json', 'text that is no JSON', table('{a:null}', [2, 1], '/a!')),
];
