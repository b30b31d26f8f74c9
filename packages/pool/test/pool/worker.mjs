import { writeSync } from 'node:fs';

export default (body) => body;
export const exit = () => process.exit(3);
export const kill = () => process.kill(process.pid, 'SIGKILL');
export const hang = () => {
  for (;;);
};
export const print = (body) => {
  console.log('printed');
  writeSync(1, 'written\n');
  return body;
};
export const add = ({ a, b }) => ({ sum: a + b });
export function* count() {
  for (let i = 0; i < 3; i++) yield String(i);
}
