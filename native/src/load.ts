import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Binding } from './binding.js';
import { OsControlError } from './os-control-error.js';

/** The compiled parts of this package, or why they are not there. */
export type Loaded =
  | { readonly binding: Binding; readonly addonPath: string; readonly guardPath: string }
  | { readonly binding: undefined; readonly reason: string };

const require = createRequire(import.meta.url);
const root = new URL('../', import.meta.url);
/** What the package ships comes before what was compiled in its folder. */
const PLACES = [`prebuilds/${process.platform}-${process.arch}/`, 'build/Release/'];
const NOT_BUILT = 'build/Release/not-built.txt';

let loaded: Loaded | undefined;

/** Loads the addon once. `OSTLER_NATIVE=off` in the environment makes it absent. */
export function load(): Loaded {
  loaded ??= process.env.OSTLER_NATIVE === 'off' ? absent('OSTLER_NATIVE=off is set') : loadFirst();
  return loaded;
}

/** As `load`, for what can't do without: throws an OsControlError (ENOSYS) that names `call` and says why the addon is absent. */
export function requireAddon(call: string): Extract<Loaded, { addonPath: string }> {
  const found = load();
  if (found.binding !== undefined) return found;
  throw new OsControlError({ syscall: call, errno: constants.errno.ENOSYS, about: found.reason });
}

function loadFirst(): Loaded {
  for (const place of PLACES) {
    const addonPath = pathOf(`${place}ostler_native.node`);
    if (!existsSync(addonPath)) continue;
    try {
      const binding = require(addonPath) as Binding;
      return { binding, addonPath, guardPath: pathOf(`${place}ostler-guard`) };
    } catch (error) {
      return absent(`${addonPath} can't be loaded: ${(error as Error).message}`);
    }
  }
  return absent(
    existsSync(pathOf(NOT_BUILT))
      ? readFileSync(pathOf(NOT_BUILT), 'utf8').trim()
      : `no binary for ${process.platform}-${process.arch} is in the package`,
  );
}

function pathOf(place: string): string {
  return fileURLToPath(new URL(place, root));
}

function absent(reason: string): Loaded {
  return { binding: undefined, reason };
}
