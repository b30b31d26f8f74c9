import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The fixtures with the runtime inside; made by scripts/publish-windows.mjs. */
export const PUBLISHED: [string] = [
  fileURLToPath(new URL('../../dist/windows/fixtures/fixtures.exe', import.meta.url)),
];

/** Published by `dotnet`, which needs the .NET SDK 10. */
export const isPublished = existsSync(PUBLISHED[0]);
