import { decodeTaskMetadata, type TaskMetadata } from '@ostler/protocol';

/** Beyond this many bytes the comparison costs about as much as it saves. */
const WORTH_COMPARING = 512;

/** Decodes task metadata; tasks of one kind have the same bytes one after the other, and then share what was decoded from them. */
export class MetadataCache {
  #bytes: Uint8Array = new Uint8Array(0);
  #fields: TaskMetadata = decodeTaskMetadata(this.#bytes);

  decode(bytes: Uint8Array): TaskMetadata {
    if (!isSame(bytes, this.#bytes)) {
      this.#fields = decodeTaskMetadata(bytes);
      this.#bytes = bytes.slice();
    }
    return this.#fields;
  }
}

/** A loop, because for a few dozen bytes it is faster than the call out of JavaScript that Buffer.compare makes. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length || length > WORTH_COMPARING) return false;
  for (let index = 0; index < length; index++) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}
