// Makes the fixture workers for Windows, with .NET inside: dist/windows/fixtures/fixtures.exe NAME. Needs no Windows, nor anything of this folder's build.
import { dotnet } from './dotnet.mjs';

const WHERE = ['--artifacts-path', 'dist/windows/build', '--output', 'dist/windows/fixtures'];
const FIXTURES = 'fixtures/Ostler.Fixtures/Ostler.Fixtures.csproj';

process.exitCode = dotnet(
  'publish',
  FIXTURES,
  '-c',
  'Release',
  '-f',
  'net10.0',
  '-r',
  'win-x64',
  '--self-contained',
  ...WHERE,
);
