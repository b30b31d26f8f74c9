import { expect, test } from 'vitest';
import { handlersOf } from '../src/module-handlers.js';

const url = 'file:///w.js';
const f = () => 'f';
const g = () => 'g';

test('exported functions are handlers, a default function is the handler default', () => {
  expect(handlersOf({ default: f, g, answer: 42 }, url)).toEqual({ handlers: { default: f, g }, hooks: {} });
});

test('a default export that is an object is a set of handlers', () => {
  expect(handlersOf({ default: { default: f, g, answer: 42 } }, url).handlers).toEqual({ default: f, g });
});

test('a named export goes before one of the same name in the default object', () => {
  expect(handlersOf({ default: { f, g: f }, g }, url).handlers).toEqual({ f, g });
});

test('exported functions init and close are hooks', () => {
  expect(handlersOf({ f, init: g, close: f }, url)).toEqual({ handlers: { f }, hooks: { init: g, close: f } });
});

test('a CommonJS module is its module.exports', () => {
  expect(handlersOf({ default: f, 'module.exports': f }, url).handlers).toEqual({ default: f });
});

test('a default function may have others as its members', () => {
  const main = Object.assign(() => 'main', { f, default: g });
  expect(handlersOf({ default: main }, url).handlers).toEqual({ default: main, f });
});

test('classes are no handlers', () => {
  class Model {}
  expect(() => handlersOf({ Model }, url)).toThrow('only Model (class)');
});

test('a module without functions is refused, and what it exports is named', () => {
  const message =
    'file:///w.js is no worker: it calls no serve() and exports no handler, only answer (number), list ([ 1, 2 ])';
  expect(() => handlersOf({ answer: 42, list: [1, 2] }, url)).toThrow(message);
  expect(() => handlersOf({}, url)).toThrow('exports no handler, only nothing');
});

test('hooks alone make no worker', () => {
  expect(() => handlersOf({ init: f }, url)).toThrow('only init (function)');
});
