import { encodeTaskMetadata } from '@ostler/protocol';
import { expect, test } from 'vitest';
import { MetadataCache } from '../src/metadata-cache.js';

const encode = (handler: string) => encodeTaskMetadata({ handler }) ?? new Uint8Array();

test('no metadata is the default of everything', () => {
  expect(new MetadataCache().decode(new Uint8Array())).toMatchObject({ handler: 'default', attempt: 1, tenant: '' });
});

test('the same bytes are decoded once', () => {
  const cache = new MetadataCache();
  expect(cache.decode(encode('a'))).toBe(cache.decode(encode('a')));
});

test('other bytes of the same length are not mistaken for them', () => {
  const cache = new MetadataCache();
  expect(['a', 'b', 'a'].map((name) => cache.decode(encode(name)).handler)).toEqual(['a', 'b', 'a']);
});

test('what is remembered is a copy, because the buffer is filled again', () => {
  const cache = new MetadataCache();
  const bytes = encode('a').slice();
  cache.decode(bytes);
  bytes.set(encode('b'));
  expect(cache.decode(bytes).handler).toBe('b');
});
