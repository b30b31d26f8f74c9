import { describe, expect, test } from 'vitest';
import { flagsForWorkers, withoutInspector } from '../../src/launch/node-flags.js';

describe("the parent's flags for its workers", () => {
  test.each([
    ['--expose-gc --max-old-space-size=100', '--expose-gc --max-old-space-size=100'],
    ['--import tsx -r ./setup.cjs --conditions dev', '--import tsx -r ./setup.cjs --conditions dev'],
    ['--env-file=.env --experimental-vm-modules -C dev', '--env-file=.env --experimental-vm-modules -C dev'],
    ['--inspect --expose-gc', '--expose-gc'],
    ['--inspect-brk=127.0.0.1:9230 --expose-gc', '--expose-gc'],
    ['--inspect-wait --inspect-port 0 --expose-gc', '--expose-gc'],
    ['--inspect-port=0 --inspect-publish-uid http --debug-port 9 --expose-gc', '--expose-gc'],
    ['-e code', ''],
    ['--eval code --expose-gc', '--expose-gc'],
    ['--eval=code --expose-gc', '--expose-gc'],
    ['--input-type=module -e code --expose-gc', '--expose-gc'],
    ['--input-type module --print code --expose-gc', '--expose-gc'],
    ['-pe code --expose-gc', '--expose-gc'],
    ['-p -e code --expose-gc', '--expose-gc'],
    ['-i --expose-gc', '--expose-gc'],
    ['--test --test-only --expose-gc', '--expose-gc'],
    ['--test-reporter spec --test-name-pattern=a --test-concurrency 4 --expose-gc', '--expose-gc'],
    ['--watch --watch-path src --watch-preserve-output --expose-gc', '--expose-gc'],
    ['--watch-path=src --expose-gc', '--expose-gc'],
    ['--experimental-test-coverage --enable-source-maps', '--experimental-test-coverage --enable-source-maps'],
  ])('of %o are %o', (given, kept) => {
    expect(flagsForWorkers(given.split(' ')).join(' ')).toBe(kept);
  });
});

describe('NODE_OPTIONS', () => {
  test.each([
    ['--max-old-space-size=100  --require "./a b.js"', '--max-old-space-size=100  --require "./a b.js"'],
    ['--inspect', ''],
    ['--inspect=0 --expose-gc', '--expose-gc'],
    ['--require "./a --inspect b.js" --inspect-brk', '--require "./a --inspect b.js"'],
    ['--inspect-port 0 --inspect-publish-uid=http --expose-gc', '--expose-gc'],
    ['--require="a \\" b" --inspect-wait --expose-gc', '--require="a \\" b" --expose-gc'],
    ['', ''],
  ])('of %o becomes %o', (given, kept) => {
    expect(withoutInspector(given)).toBe(kept);
  });
});
