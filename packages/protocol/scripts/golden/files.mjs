import { brokenVectors } from './broken.mjs';
import { conversation } from './conversation.mjs';
import { handshake } from './handshake.mjs';
import { ledgers } from './ledger.mjs';
import { replies } from './replies.mjs';
import { tasks } from './tasks.mjs';
import { values } from './values.mjs';

const GROUPS = [
  ['Handshake', handshake],
  ['Tasks, and what else the parent sends', tasks],
  ['Replies, and what else a worker sends', replies],
  ['JSON values', values],
  ['Other shapes, stray bytes, damage', brokenVectors],
  ['Ledger', ledgers],
  ['One whole conversation', conversation],
];

const MAX_FRAME = 1_048_576;

/** Every file of the folder `vectors`: name -> bytes. */
export function vectorFiles() {
  const files = new Map();
  for (const [, group] of GROUPS) for (const vector of group) files.set(`${vector.name}.bin`, vector.bytes);
  files.set('index.json', Buffer.from(index()));
  files.set('README.md', Buffer.from(readme()));
  return files;
}

function index() {
  const entries = GROUPS.flatMap(([, group]) => group).map((vector) => {
    const { name, bytes, from, holds, must, wellFormed, key, maxFrame = MAX_FRAME, events, ...rest } = vector;
    return {
      name,
      file: `${name}.bin`,
      size: bytes.length,
      from,
      holds,
      must,
      wellFormed,
      key,
      maxFrame,
      ...rest,
      events,
    };
  });
  return `${JSON.stringify({ protocol: 1, vectors: entries }, null, 1)}\n`;
}

function readme() {
  const tables = GROUPS.map(([title, group]) => {
    const rows = group.map(
      ({ name, from, bytes, holds, must }) => `| \`${name}.bin\` | ${from} | ${bytes.length} | ${holds} | ${must} |`,
    );
    return [
      `## ${title}`,
      '',
      '| file | written by | bytes | holds | what an SDK must do |',
      '|---|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return `${INTRODUCTION}\n${tables.join('\n\n')}\n`;
}

const INTRODUCTION = `# Golden vectors of the worker protocol, version 1

Bytes that every SDK must read and write; [docs/protocol.md](../../../docs/protocol.md) explains them. This folder is made by
\`node packages/protocol/scripts/vectors.mjs\`, which has a writer of its own, and never changes for version 1: a test compares it byte by byte.

\`index.json\` says what is in each file: \`{ protocol, vectors: [...] }\`, each vector with

| member | meaning |
|---|---|
| \`name\`, \`file\`, \`size\` | the file and its bytes |
| \`from\` | who writes such bytes: \`worker\`, \`parent\`, or \`ledger\` (a file, see below) |
| \`key\`, \`maxFrame\` | what the reader's key and frame limit are to be set to |
| \`keys\` | instead of \`key\`, where it changes on the way: the key of each frame |
| \`wellFormed\` | true: the file is exactly the frames of \`events\`, one behind the other, so an encoder must give these bytes for them |
| \`events\` | what a reader must tell, in order, however the bytes are cut into chunks; the last chunk is followed by end of file |
| \`assembled\` | after BODY frames were joined: the frames (without their metadata), or \`"refused"\` |
| \`ledger\` | the numbers of a ledger's header; its frames are the \`encoded\` bytes from 64 on |

An event is one of

- \`{ event: "frame", name, type, flags, encoding, id, metadata, body }\`, metadata and body in hex. Where there is something to decode, it has beside that \`json\` (the text) and \`attachments\` (\`[{ path, bytes }]\`),
  \`task\` (its metadata; \`remainingMs\` null = no limit), \`hello\`, \`welcome\`, \`error\`, \`credit\`. \`invalidValue\` and \`invalidMetadata\` mark what must be refused when it is decoded.
- \`{ event: "stray", bytes, text }\`: bytes between frames. A reader may tell them in several pieces.
- \`{ event: "damage", id, offset, length }\`: a frame that began at \`offset\` and whose end is wrong or missing. A worker may stop at the first damage, or stray byte, on its task channel.

How an encoder writes JSON (spaces, escapes, order of keys) is its own affair; headers, metadata in the order of their tags, tables and padding are not.
`;
