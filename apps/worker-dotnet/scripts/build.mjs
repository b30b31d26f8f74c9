// Builds the SDK, both hosts, the examples and the fixtures into dist/, where there is a .NET SDK; says so where there is none.
import { dotnet, hasDotnet } from './dotnet.mjs';

if (hasDotnet()) process.exitCode = dotnet('build', '-c', 'Release', 'Ostler.Worker.slnx');
else process.stdout.write('worker-dotnet: not built, as there is no .NET SDK 10 (https://dot.net/download)\n');
