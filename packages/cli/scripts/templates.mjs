// Puts the templates of `ostler init` together in dist/templates: what is in templates/, and beside it the SDK of each language, which
// lives in apps/ or examples/ only.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HERE = new URL('..', import.meta.url);
const ROOT = new URL('../../../', import.meta.url);
const MADE_BY_TOOLS = /[\\/](?:__pycache__|bin|obj|dist)(?:[\\/]|$)|\.csproj$/;

/** What a template gets from elsewhere: the place in the repository, and the name in the new folder. */
const SDKS = [
  ['apps/worker-python/ostler_worker', 'python/ostler_worker'],
  ['apps/worker-cpp/ostler_worker.hpp', 'cpp/ostler_worker.hpp'],
  ['apps/worker-dotnet/src/Ostler.Worker', 'dotnet/Ostler.Worker'],
  ['examples/perl-worker/worker.pl', 'perl/worker.pl'],
  ['examples/perl-worker/handlers.pl', 'perl/handlers.pl'],
];

const target = new URL('dist/templates/', HERE);
rmSync(target, { recursive: true, force: true });
cpSync(new URL('templates', HERE), target, { recursive: true });
for (const [from, to] of SDKS) {
  const root = fileURLToPath(ROOT);
  const filter = (path) => !MADE_BY_TOOLS.test(path.slice(root.length));
  cpSync(fileURLToPath(new URL(from, ROOT)), fileURLToPath(new URL(to, target)), { recursive: true, filter });
}
