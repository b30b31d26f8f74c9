/** CPU numbers from the kernel's list format, such as '0-3,8' (cpuset(7)), in ascending order. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const range of text.split(',').filter((part) => part.trim() !== '')) {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    for (let cpu = first; cpu <= (last as number); cpu++) cpus.push(cpu);
  }
  return cpus.sort((a, b) => a - b);
}
