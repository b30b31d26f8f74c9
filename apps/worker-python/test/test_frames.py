"""Frames, values and metadata against the golden vectors, and what the vectors do not say."""
import json
import os
import random
import unittest

from parent import sdk

VECTORS = os.path.join(os.path.dirname(__file__), '../../../packages/protocol/vectors')


def load_vectors():
    index = os.path.join(VECTORS, 'index.json')
    if not os.path.exists(index):
        return []
    with open(index, encoding='utf-8') as file:
        return json.load(file)['vectors']


def vectors_from(*sources):
    return [vector for vector in load_vectors() if vector['from'] in sources]


def bytes_of(vector):
    with open(os.path.join(VECTORS, vector['file']), 'rb') as file:
        return file.read()


def read_all(chunks, vector):
    """(frames, whether there was damage) of bytes that come in these chunks."""
    chunks, frames = iter(chunks), []
    keys = iter(vector['keys']) if 'keys' in vector else None
    limits = sdk.Limits(next(keys) if keys else vector['key'], vector['maxFrame'])
    try:
        for frame in sdk.read_frames(lambda size: next(chunks, b''), limits):
            if frame is None:
                continue
            frames.append(frame)
            if keys:
                limits.key = next(keys, None)
    except sdk.Damage:
        return frames, True
    return frames, False


def chunks_of(data, seed):
    chance, position, chunks = random.Random(seed), 0, []
    while position < len(data):
        size = chance.choice([1, 2, 7, 8, 24, 25, 32, 100])
        chunks.append(data[position:position + size])
        position += size
    return chunks


def expected_frames(vector):
    """The frames before the first stray byte or damage, as a reader tells them."""
    frames = []
    for event in vector['events']:
        if event['event'] != 'frame':
            return frames, True
        word = sdk.word_of(event['type'], event['flags'], event['encoding'])
        frames.append((word, event['id'], bytes.fromhex(event['metadata']), bytes.fromhex(event['body'])))
    return frames, False


@unittest.skipUnless(load_vectors(), 'the golden vectors are not there: a copied template lives without them')
class GoldenVectors(unittest.TestCase):
    def test_frames_are_read_the_same_however_they_are_cut(self):
        for vector in vectors_from('worker', 'parent'):
            with self.subTest(vector['name']):
                data, (frames, stops) = bytes_of(vector), expected_frames(vector)
                for chunks in [[data], [data[i:i + 1] for i in range(len(data))], *(chunks_of(data, seed) for seed in range(20))]:
                    self.assertEqual(read_all(chunks, vector), (frames, stops))

    def test_well_formed_frames_are_written_byte_by_byte(self):
        for vector in vectors_from('worker', 'parent'):
            with self.subTest(vector['name']):
                if not vector['wellFormed']:
                    continue
                keys = iter(vector.get('keys', ()))
                written = b''.join(
                    sdk.encode_frame(next(keys, vector.get('key')), word, task_id, body, metadata)
                    for word, task_id, metadata, body in expected_frames(vector)[0])
                self.assertEqual(written, bytes_of(vector))

    def test_split_bodies_are_written_byte_by_byte(self):
        vector = next(v for v in load_vectors() if v['name'] == 'result-split')
        pieces = [e for e in vector['events'] if e['name'] in ('RESULT', 'BODY')]
        body = b''.join(bytes.fromhex(piece['body']) for piece in pieces)
        frames = list(sdk.split_frames(sdk.Limits(vector['key'], 16), sdk.word_of(sdk.RESULT, 0, pieces[0]['encoding']), pieces[0]['id'], body))
        wanted = [sdk.encode_frame(vector['key'], sdk.word_of(p['type'], p['flags'], p['encoding']), p['id'],
                                   bytes.fromhex(p['body']), bytes.fromhex(p['metadata'])) for p in pieces]
        self.assertEqual(frames, wanted)

    def test_task_metadata_is_read(self):
        for vector in vectors_from('parent'):
            with self.subTest(vector['name']):
                for event in vector['events']:
                    if event.get('invalidMetadata'):
                        with self.assertRaises(sdk.Damage):
                            sdk.decode_task_fields(bytes.fromhex(event['metadata']))
                    if 'task' not in event:
                        continue
                    fields, task = sdk.decode_task_fields(bytes.fromhex(event['metadata'])), event['task']
                    limit = float('inf') if task['remainingMs'] is None else task['remainingMs']
                    self.assertEqual(tuple(getattr(fields, name) for name in fields.__slots__), (task['handler'], limit, task['attempt'], task['tenant'], task['idempotencyKey'],
                                              task['traceparent'], task['tracestate'], task['metadata']))

    def test_user_metadata_is_an_object_of_strings_or_damage(self):
        for text in '{"a":1}', '{"a":null}', '{"a":{}}', '["a"]', '"a"', '{', '[' * 60_000, '{"a":"b"} x':
            with self.subTest(text[:20]), self.assertRaises(sdk.Damage):
                sdk.decode_task_fields(sdk.encode_field(8, text.encode()))
        self.assertEqual(sdk.decode_task_fields(sdk.encode_field(8, b'{"a":"\\ud83d"}')).metadata, {'a': '\ud83d'})

    def test_values_are_read_and_survive_a_round_trip(self):
        for vector in vectors_from('worker', 'parent'):
            with self.subTest(vector['name']):
                for event in vector['events']:
                    if 'json' not in event or event['flags'] & sdk.MORE:
                        continue
                    value = sdk.decode_value(event['encoding'], bytes.fromhex(event['body']))
                    self.assertEqual(sdk.decode_value(*sdk.encode_value(value)), value)
                    if not event.get('attachments'):
                        self.assertEqual(value, json.loads(event['json']))
                    for attachment in event.get('attachments', ()):
                        found = value
                        for token in attachment['path'].split('/')[1:]:
                            key = token.replace('~1', '/').replace('~0', '~')
                            found = found[int(key) if isinstance(found, list) else key]
                        self.assertEqual(bytes(found), bytes.fromhex(attachment['bytes']))

    def test_malformed_values_are_refused(self):
        for vector in vectors_from('parent'):
            with self.subTest(vector['name']):
                for event in vector['events']:
                    if event.get('invalidValue'):
                        with self.assertRaises(ValueError):
                            sdk.decode_value(event['encoding'], bytes.fromhex(event['body']))


class Values(unittest.TestCase):
    def refusal(self, value):
        with self.assertRaises(sdk.JsonValueError) as caught:
            sdk.encode_value(value)
        return caught.exception.path

    def test_what_json_would_change_is_refused_with_its_path(self):
        import datetime
        circle = {}
        circle['self'] = [circle]
        for value in (float('nan'), float('inf'), {1}, datetime.date(2026, 1, 1), object(), 2 ** 53 + 1, 10 ** 400, 1j):
            self.assertEqual(self.refusal(value), '')
            self.assertEqual(self.refusal({'a/b~': [0, value]}), '/a~1b~0/1')
        self.assertEqual(self.refusal({'a': {1: 2}}), '/a')
        self.assertEqual(self.refusal(circle), '/self/0')
        self.assertEqual(self.refusal({'\ud800': b'x'}), '/\ud800')

    def test_what_json_holds_comes_back(self):
        for value in (None, True, 0, -1.5, 1e300, 2 ** 60, 123456789012345680000, 'grün \U0001f600', 'half \ud83d', [], {},
                      {'': [None, {'~': 'x'}]}):
            self.assertEqual(sdk.decode_value(*sdk.encode_value(value)), value)
        self.assertEqual(sdk.decode_value(*sdk.encode_value((1, (2,)))), [1, [2]])

    def test_bytes_travel_as_attachments_at_any_place(self):
        value = {'a': [b'1', None, bytearray(b'')], 'b/c~d': memoryview(b'22'), '0': {'': b'3'}}
        encoding, body = sdk.encode_value(value)
        self.assertEqual(encoding, sdk.ATTACHMENTS)
        self.assertEqual(sdk.decode_value(encoding, body), value)
        self.assertEqual(sdk.decode_value(*sdk.encode_value(b'root')), b'root')

    def test_five_hundred_levels_are_carried_and_one_more_is_refused(self):
        value = []
        for _ in range(sdk.MAX_DEPTH - 1):
            value = [value]
        self.assertEqual(sdk.decode_value(*sdk.encode_value(value)), value)
        self.refusal([value])

    def test_an_error_is_told_with_its_causes_and_within_the_limit(self):
        try:
            try:
                {}['key']
            except KeyError as error:
                raise RuntimeError('x' * 100_000) from error
        except RuntimeError as error:
            told = sdk.describe_error(error)
            short = json.loads(sdk.encode_record(told, 1_000))
        self.assertEqual((told['name'], told['cause']['name'], len(told['message'])), ('RuntimeError', 'KeyError', 65_536))
        self.assertIn("{}['key']", told['cause']['stack'])
        self.assertEqual(short['name'], 'RuntimeError')


if __name__ == '__main__':
    unittest.main()
