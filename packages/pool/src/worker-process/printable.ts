const NOT_PRINTABLE = /[^\x20-\x7e]/g;

/** Bytes as text that can be shown anywhere: what is not printable ASCII becomes `\xNN`. */
export function printable(bytes: Uint8Array): string {
  const shown = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return Buffer.from(bytes).toString('latin1').replace(NOT_PRINTABLE, shown);
}
