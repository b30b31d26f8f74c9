import { ProcessPool } from '@ostler/pool';

// A filter stays warm and answers each line with a line.
const filter = new ProcessPool({ command: ['sed', '-u', 's/stable/OSTLER/'], protocol: 'lines' });
for await (const line of filter.map(['a stable', 'of warm', 'processes'])) console.log(Buffer.from(line).toString());
await filter.close();

// Any other program is run once for each task.
const lister = new ProcessPool({ command: ['sort', '-n'], protocol: 'exec' });
console.log(
  Buffer.from(await lister.run('3\n1\n2\n'))
    .toString()
    .trim()
    .split('\n')
    .join(' '),
);
await lister.close();
