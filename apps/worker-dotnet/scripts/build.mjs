// Builds the SDK, both hosts, the examples, fixtures and packages into dist/, where there is a .NET SDK; says so where there is none.
import { dotnet, hasDotnet } from './dotnet.mjs';

const PACK = ['pack', '-c', 'Release', '--no-build', '-o', 'dist/packages'];
const HOST = 'src/Ostler.Host/Ostler.Host.csproj';
const STEPS = [
  ['build', '-c', 'Release', 'Ostler.Worker.slnx'],
  [...PACK, 'Ostler.Worker.slnx'],
  [...PACK, HOST, '-p:Package=tool'],
  [...PACK, HOST, '-p:Package=framework'],
];

if (hasDotnet()) process.exitCode = STEPS.map((step) => () => dotnet(...step)).find((run) => run() !== 0) ? 1 : 0;
else process.stdout.write('worker-dotnet: not built, as there is no .NET SDK 10 (https://dot.net/download)\n');
