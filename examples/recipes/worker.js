/** An endless handler: it ends when its caller has had enough. */
export function* countUp() {
  for (let number = 1; ; number++) yield `${number}\n`;
}

/** Dies of its first attempt, as a program does that meets a bad moment. */
export function unlucky(_body, task) {
  if (task.attempt === 1) process.abort();
  return `done by attempt ${task.attempt}`;
}

/** Dies each time. */
export function poison() {
  process.abort();
}

/** Takes its time. */
export async function rest(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}

export const upper = (text) => text.toUpperCase();

const names = [];

/** Who was here: kept in the module, so for everybody whom this worker serves. */
export function visitors(name) {
  names.push(name);
  return names.join(', ');
}
