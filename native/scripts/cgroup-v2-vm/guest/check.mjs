let failed = 0;

/** Says a line on the console, which the host passes on. */
export function say(text) {
  process.stdout.write(`cgroup2: ${text}\n`);
}

/** One check: what must hold, and the action that throws when it doesn't; what the action returns is told. */
export async function check(name, action) {
  try {
    const detail = await action();
    say(`ok      ${name}${detail === undefined ? '' : ` (${detail})`}`);
  } catch (error) {
    failed += 1;
    say(`FAILED  ${name}: ${String(error.message).replaceAll('\n', ' ')}`);
  }
}

/** How many checks did not hold. */
export function failures() {
  return failed;
}
