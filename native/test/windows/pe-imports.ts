/** Where in a Windows binary (PE32+) tables are found; see the PE format of Microsoft. */
const PE_OFFSET = 0x3c;
const COFF_SIZE = 24;
const DIRECTORIES = 112;
const IMPORTS = 1;
const DELAYED_IMPORTS = 13;
const SECTION_SIZE = 40;

interface Table {
  /** Bytes of one entry, and where in it the address of the library's name is. */
  readonly size: number;
  readonly name: number;
}

const TABLES: Readonly<Record<number, Table>> = {
  [IMPORTS]: { size: 20, name: 12 },
  [DELAYED_IMPORTS]: { size: 32, name: 4 },
};

/** The libraries that a Windows binary takes calls from, those included that it loads late; in lower case. */
export function importsOf(file: Buffer): string[] {
  const optional = file.readUInt32LE(PE_OFFSET) + COFF_SIZE;
  return Object.entries(TABLES).flatMap(([number, table]) => {
    const address = file.readUInt32LE(optional + DIRECTORIES + 8 * Number(number));
    return address === 0 ? [] : namesIn(file, offsetOf(file, address), table);
  });
}

function namesIn(file: Buffer, table: number, { size, name }: Table): string[] {
  const names: string[] = [];
  for (let at = table; ; at += size) {
    const address = file.readUInt32LE(at + name);
    if (address === 0) return names;
    const offset = offsetOf(file, address);
    names.push(file.toString('latin1', offset, file.indexOf(0, offset)).toLowerCase());
  }
}

/** Where in the file the byte is that has this address when it is loaded. */
function offsetOf(file: Buffer, address: number): number {
  const pe = file.readUInt32LE(PE_OFFSET);
  const sections = pe + COFF_SIZE + file.readUInt16LE(pe + 20);
  for (let i = 0; i < file.readUInt16LE(pe + 6); i++) {
    const section = sections + i * SECTION_SIZE;
    const [size, start, raw] = [8, 12, 20].map((field) => file.readUInt32LE(section + field)) as [
      number,
      number,
      number,
    ];
    if (address >= start && address < start + size) return raw + address - start;
  }
  throw new Error(`no section holds the address ${address}`);
}
