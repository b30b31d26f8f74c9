import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Binding, LinuxBinding, WindowsBinding } from './binding.js';
import { OsControlError } from './os-control-error.js';

/** The compiled parts of this package, or why they are not there. */
export type Loaded =
  | { readonly binding: Binding; readonly addonPath: string; readonly guardPath: string }
  | { readonly binding: undefined; readonly reason: string };

type Found<B> = { readonly binding: B; readonly addonPath: string; readonly guardPath: string };

const require = createRequire(import.meta.url);
const root = new URL('../', import.meta.url);
const { platform, arch } = process;
/** What the package ships comes before what was compiled in its folder. */
const PLACES = [`prebuilds/${platform}-${arch}/`, 'build/Release/'];
const NOT_BUILT = 'build/Release/not-built.txt';
const GUARD = platform === 'win32' ? 'ostler-guard.exe' : 'ostler-guard';

let loaded: Loaded | undefined;

/** Loads the addon once. `OSTLER_NATIVE=off` in the environment makes it absent. */
export function load(): Loaded {
  loaded ??= process.env.OSTLER_NATIVE === 'off' ? absent('OSTLER_NATIVE=off is set') : loadFirst();
  return loaded;
}

/** As `load`, for what can't do without: throws an OsControlError (ENOSYS) that names `call` and says why the addon is absent. */
export function requireAddon(call: string): Found<Binding> {
  const found = load();
  if (found.binding !== undefined) return found;
  throw lacking(call, found.reason);
}

/** As `requireAddon`, for what only Linux has. */
export function requireLinux(call: string): Found<LinuxBinding> {
  if (platform === 'win32') throw lacking(call, 'Windows has no such thing');
  return requireAddon(call) as Found<LinuxBinding>;
}

/** As `requireAddon`, for what only Windows has. */
export function requireWindows(call: string): Found<WindowsBinding> {
  if (platform !== 'win32') throw lacking(call, `${platform} has no such thing`);
  return requireAddon(call) as Found<WindowsBinding>;
}

function lacking(call: string, why: string): OsControlError {
  return new OsControlError({ syscall: call, errno: constants.errno.ENOSYS, about: why });
}

function loadFirst(): Loaded {
  for (const place of PLACES) {
    const addonPath = pathOf(`${place}ostler_native.node`);
    if (!existsSync(addonPath)) continue;
    try {
      return { binding: require(addonPath) as Binding, addonPath, guardPath: pathOf(place + GUARD) };
    } catch (error) {
      return absent(`${addonPath} can't be loaded: ${(error as Error).message}`);
    }
  }
  if (platform !== 'linux' && platform !== 'win32') {
    return absent(`there are OS controls for linux and win32, and none for ${platform}`);
  }
  return absent(
    existsSync(pathOf(NOT_BUILT))
      ? readFileSync(pathOf(NOT_BUILT), 'utf8').trim()
      : `no binary for ${platform}-${arch} is in the package`,
  );
}

function pathOf(place: string): string {
  return fileURLToPath(new URL(place, root));
}

function absent(reason: string): Loaded {
  return { binding: undefined, reason };
}
