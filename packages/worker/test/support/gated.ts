/** Async handlers that end when told to. */
export function gated() {
  const gates = new Map<number, () => void>();
  const begun: number[] = [];
  const handlers = {
    default: (_input: unknown, { id }: { id: number }) => {
      begun.push(id);
      return new Promise<void>((resolve) => gates.set(id, resolve));
    },
    sync: (_input: unknown, { id }: { id: number }) => void begun.push(id),
  };
  return { handlers, begun, release: (id: number) => gates.get(id)?.() };
}

/** Lets all promises that can go on go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
