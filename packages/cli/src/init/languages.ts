/** A language that has a template: a folder of this package that was put together by scripts/templates.mjs. */
export interface Language {
  /** As in "a worker in Python". */
  readonly title: string;
  /** Other names that people type. */
  readonly aliases: readonly string[];
  /** Commands to type in the new folder; the last one gives the first answer. */
  readonly steps: readonly string[];
}

const FIRST_ANSWER = "printf 'hello\\nworld\\n' | npx ostler map";

/** By the name that `ostler init` takes, which is that of the folder as well. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  node: {
    title: 'Node',
    aliases: ['js', 'javascript', 'nodejs'],
    steps: ['node --test', `${FIRST_ANSWER} --worker worker.js`],
  },
  typescript: {
    title: 'TypeScript',
    aliases: ['ts'],
    steps: ['npm install', 'npm test', `${FIRST_ANSWER} --worker dist/src/worker.js`],
  },
  python: {
    title: 'Python',
    aliases: ['py', 'python3'],
    steps: ['python3 -m unittest', `${FIRST_ANSWER} -- python3 worker.py`],
  },
  dotnet: {
    title: '.NET',
    aliases: ['.net', 'c#', 'cs', 'csharp'],
    steps: [
      'dotnet run --project test',
      'dotnet build worker.csproj -c Release -o build',
      `${FIRST_ANSWER} -- build/worker`,
    ],
  },
  cpp: {
    title: 'C++',
    aliases: ['c++', 'cxx', 'cc'],
    steps: ['cmake -S . -B build && cmake --build build', '(cd build && ctest)', `${FIRST_ANSWER} -- build/worker`],
  },
  perl: { title: 'Perl', aliases: ['pl'], steps: ['prove t', `${FIRST_ANSWER} -- perl worker.pl`] },
  shell: {
    title: 'sh',
    aliases: ['sh', 'bash', 'lines'],
    steps: ['sh test.sh', `${FIRST_ANSWER} --protocol lines -- sh worker.sh`],
  },
};
