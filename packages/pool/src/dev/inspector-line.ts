const LISTENING = /^Debugger listening on (ws:\/\/(\S+?)\/\S+)$/;
const HELP = /^For help, see: https?:\/\/nodejs\.org\/\S*inspector$/;

/** What Node says of its inspector, with what to do about it; null for a line that says nothing more; any other line as it is. */
export function inspectorLine(line: string): string | null {
  const found = LISTENING.exec(line);
  if (found !== null) {
    const [, url, address] = found;
    return `debugger: ${url} (in Chrome: chrome://inspect, Configure…, add ${address}; or attach your editor to ${address})`;
  }
  return HELP.test(line) ? null : line;
}
