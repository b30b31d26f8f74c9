import { Writable } from 'node:stream';
import { beforeEach, expect, test, vi } from 'vitest';
import { Screen } from '../../src/terminal/screen.js';

let written: string;
let out: Writable;

beforeEach(() => {
  written = '';
  out = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
});

test('without a terminal only the last state of living lines is printed', () => {
  const screen = new Screen(out, { live: false, colours: false });
  let count = 0;
  const end = screen.watch(() => [`${count} done`]);
  count = 7;
  screen.print('something happened');
  end();
  expect(written).toBe('something happened\n7 done\n');
});

test('on a terminal a line is printed above the living ones, and the cursor comes back', () => {
  vi.useFakeTimers();
  const screen = new Screen(out, { live: true, colours: false });
  const end = screen.watch(() => ['living', 'lines']);
  screen.print('above');
  end();
  const erased = '\u001b[2A\u001b[0J';
  expect(written).toBe(`\u001b[?25lliving\nlines\n${erased}above\nliving\nlines\n${erased}\u001b[?25hliving\nlines\n`);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a paragraph is wrapped to the width of the terminal', () => {
  const screen = new Screen(Object.assign(out, { columns: 44 }), { live: false, colours: false });
  screen.say('a paragraph that is longer than a narrow terminal is wide');
  expect(written).toBe('  a paragraph that is longer than a narrow\n  terminal is wide\n');
});
