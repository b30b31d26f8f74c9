/**
 * The circles that a depth-first walk meets in a graph of edges `{ from, to, … }`: at least one in every knot, each as
 * the list of its edges.
 */
export function findCycles(edges) {
  const outgoing = new Map();
  for (const edge of edges) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge]);
  const cycles = [];
  const finished = new Set();
  const path = [];

  const visit = (node) => {
    for (const edge of outgoing.get(node) ?? []) {
      const start = path.findIndex((step) => step.from === edge.to);
      if (start >= 0) cycles.push([...path.slice(start), edge]);
      else if (edge.to === node) cycles.push([edge]);
      else if (!finished.has(edge.to)) {
        path.push(edge);
        visit(edge.to);
        path.pop();
      }
    }
    finished.add(node);
  };
  for (const node of outgoing.keys()) if (!finished.has(node)) visit(node);
  return cycles;
}
