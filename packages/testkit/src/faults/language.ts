import { cppFixture, dotnetFixture, nodeFixture, pythonFixture, whyNoCpp, whyNoDotnet } from '../fixtures.js';

/** A language with an SDK; each has the same fixtures. */
export type Language = 'node' | 'python' | 'cpp' | 'dotnet';

interface Fixtures {
  readonly command: (fixture: string) => readonly [string, ...string[]];
  /** Why the fixtures are not there; undefined where they are. */
  readonly missing?: () => string | undefined;
}

export const LANGUAGES: Readonly<Record<Language, Fixtures>> = {
  node: { command: nodeFixture },
  python: { command: pythonFixture },
  cpp: { command: cppFixture, missing: whyNoCpp },
  dotnet: { command: dotnetFixture, missing: whyNoDotnet },
};

/** The languages whose fixtures could not be built on this machine, and why. */
export function missingLanguages(): ReadonlyMap<Language, string> {
  const missing = new Map<Language, string>();
  for (const [language, fixtures] of Object.entries(LANGUAGES) as [Language, Fixtures][]) {
    const why = fixtures.missing?.();
    if (why !== undefined) missing.set(language, why);
  }
  return missing;
}
