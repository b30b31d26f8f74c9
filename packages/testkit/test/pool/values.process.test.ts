import { ProcessPool } from '@ostler/pool';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const text = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);
const languages = { Node: nodeFixture('values'), Python: pythonFixture('values') };

describe.each(['Node', 'Python (needs python3)'] as const)('a value and a %s worker', (named) => {
  const language = named === 'Node' ? 'Node' : 'Python';
  beforeEach(({ skip }) => skip(language === 'Python' && whyNoPython() !== null, 'needs python3'));

  const pool = new ProcessPool({ command: languages[language], maxWorkers: 1, output: 'event' });
  afterAll(() => pool.destroy());

  it('is the same there and back', async () => {
    const values = [null, true, 0, -1.5, 1e300, 2 ** 53, '', 'grün \u0000 🐎', 'half \ud83d', [], {}, [[1], { a: [] }]];
    for (const value of values) expect(await pool.call('echo', value)).toEqual(value);
    expect(await pool.call('echo', undefined)).toBeNull();
    expect(await pool.call('nothing', 1)).toBeNull();
    expect(await pool.call('echo', { dropped: undefined, kept: 1 })).toEqual({ kept: 1 });
  });

  it('has bytes anywhere, in both directions, never as text', async () => {
    const [whole, inner] = [Uint8Array.of(0, 255), Buffer.from('inner')];
    const value = { 'a/b~c': whole, list: [new Uint8Array(), { inner }] };
    const { types, copy, extra } = await pool.call('describe', value);
    const type = language === 'Node' ? 'Uint8Array' : 'memoryview';
    expect(types).toEqual({ 'a/b~c': type, list: [type, { inner: type }] });
    expect(copy).toEqual({ 'a/b~c': whole, list: [new Uint8Array(), { inner: Uint8Array.from(inner) }] });
    expect(copy.list[1].inner.constructor).toBe(Uint8Array);
    expect(text(extra[0])).toBe('buffer');
    expect(await pool.call('echo', whole)).toEqual(whole);
  });

  it('is taken back by whoever sent it: the bytes belong to the caller', async () => {
    const value = { bytes: Uint8Array.of(1, 2, 3) };
    const reply = pool.call('echo', value);
    value.bytes.fill(9);
    expect(await reply).toEqual({ bytes: Uint8Array.of(1, 2, 3) });
  });

  it('may have 500 levels, and come back with as many', async () => {
    const deep = await pool.call('nested', null);
    expect(await pool.call('echo', deep)).toEqual(deep);
  });

  it('that JSON would change is the failure of the handler that gave it, with its path', async () => {
    const kinds: string[] = await pool.call('kinds', null);
    expect(kinds.length).toBeGreaterThan(10);
    for (const kind of kinds) {
      for (const handler of ['odd', 'odd-later', 'odd-progress']) {
        const failed = pool.call(handler, kind);
        await expect(failed, `${handler} ${kind}`).rejects.toMatchObject({
          code: 'ERR_TASK_FAILED',
          remote: { name: 'JsonValueError', data: { path: expect.stringMatching(/^\/a~1b\/1/) } },
          message: expect.stringContaining('/a~1b/1'),
        });
      }
    }
    expect(pool.stats()).toMatchObject({ started: 1, crashes: 0 });
  });
});

describe('a value that JSON would change', () => {
  class Point {
    x = 1;
  }
  const circle: Record<string, unknown> = {};
  circle.list = [circle];
  let deep: unknown = 1;
  for (let level = 0; level < 500; level++) deep = [deep];

  const pool = new ProcessPool({ command: languages.Node, minWorkers: 0, maxWorkers: 1, output: 'event' });
  afterAll(() => pool.destroy());

  it.each<[string, unknown, string?]>([
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['a BigInt', 1n],
    ['a Date', new Date()],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['undefined in a list', undefined],
    ['an instance of a class', new Point()],
    ['a typed array of other numbers', new Uint16Array(1)],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a circle', circle, '/list/0'],
    ['more than 500 levels', deep, '/0'.repeat(498)],
    ['an Error', new Error('x')],
    ['a promise', Promise.resolve(1)],
  ])('%s is refused by call(), with its path, and nothing is sent', async (_, value, below = '') => {
    const failed = pool.call('echo', { 'a/b': [0, value] });
    await expect(failed).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      option: `value/a~1b/1${below}`,
      message: expect.stringContaining('/a~1b/1'),
    });
    expect(pool.stats().tasks.submitted).toBe(0);
    expect(pool.stats().started).toBe(0);
  });

  it('ends a callMap() at its item', async () => {
    const taken: unknown[] = [];
    const values = async () => {
      for await (const value of pool.callMap('echo', [1, 2, new Date(), 4])) taken.push(value);
    };
    await expect(values()).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', option: 'value' });
    expect(taken).toEqual([1, 2]);
  });
});
