import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { built, FRAMEWORK_HOST, HELLO, hasMono, isBuilt, LEGACY, MODERN_HOST, open } from './support.js';

const serving = (assembly: string, type: string) => ['--assembly', assembly, '--type', type];

async function startError(command: [string, ...string[]]): Promise<string> {
  return open(command)
    .ready()
    .then(
      () => 'it started',
      (error: Error) => error.message,
    );
}

/** The same assembly, marked as one for 32-bit processes: a flag of its CLI header (ECMA-335, II.25.3.3.1). */
function as32Bit(image: Buffer): Buffer {
  const coff = image.readInt32LE(0x3c) + 4;
  const cli = image.readInt32LE(coff + 20 + 96 + 14 * 8);
  for (let section = coff + 20 + image.readUInt16LE(coff + 16); ; section += 40) {
    const start = image.readInt32LE(section + 12);
    if (cli < start || cli >= start + image.readInt32LE(section + 8)) continue;
    const flags = cli - start + image.readInt32LE(section + 20) + 16;
    image.writeInt32LE(image.readInt32LE(flags) | 2, flags);
    return image;
  }
}

describe.skipIf(!hasMono)('one task assembly (needs the .NET SDK 10 and mono-devel)', () => {
  it('is served by .NET and by .NET Framework in pools of one program, with equal digests', async () => {
    const modern = open([...MODERN_HOST, ...serving(HELLO, 'HelloTask')]);
    const framework = open([...FRAMEWORK_HOST, ...serving(HELLO, 'HelloTask')]);
    const node = createHash('sha512');
    const body = Buffer.from('the same bytes for everybody');
    const expected = node.update(body).digest('hex');
    const digests = await Promise.all([modern, framework].map((pool) => pool.run(body)));
    expect(digests.map((digest) => Buffer.from(digest).toString('hex'))).toEqual([expected, expected]);
  });
});

describe.skipIf(!isBuilt)('the modern host (needs the .NET SDK 10)', () => {
  it('serves public methods as handlers: sync, async, streams', async () => {
    const pool = open([...MODERN_HOST, ...serving(HELLO, 'HelloTask')]);
    expect(await pool.call('Greet', 'Ada')).toBe('Hello, Ada!');
    expect(await pool.call('Pause', 0.01)).toBe(0.01);
    const items: string[] = [];
    for await (const item of pool.stream('3', { handler: 'Count' })) items.push(Buffer.from(item).toString());
    expect(items).toEqual(['1', '2', '3']);
    const unknown = await pool.call('Nothing', 1).catch((error) => error);
    expect(unknown.remote).toMatchObject({
      name: 'HandlerNotFoundError',
      data: { known: expect.arrayContaining(['Greet']) },
    });
  });

  it('tells a task that its caller has given up', async () => {
    const pool = open([...MODERN_HOST, ...serving(HELLO, 'HelloTask')]);
    await pool.ready();
    const error = await pool.call('Pause', 600, { timeout: 100 }).catch((reason) => reason);
    expect(error.code).toBe('ERR_TASK_TIMEOUT');
    expect(await pool.call('Greet', 'you')).toBe('Hello, you!');
    expect(pool.stats().started).toBe(1);
  });

  it.each([
    ['a missing file', ['--assembly', '/no/such.dll', '--type', 'X'], /there is no file \/no\/such\.dll/],
    ['a missing type', serving(HELLO, 'Hello'), /there is no type 'Hello' in .*HelloTask\.dll; it has HelloTask/],
    ['a missing option', ['--type', 'X'], /--assembly is missing; usage: ostler-host/],
    ['an unknown option', ['--assembli'], /unknown argument '--assembli'/],
    [
      'an assembly for .NET Framework',
      serving(LEGACY, 'Legacy.LegacyTask'),
      /LegacyTask\.dll is built for \.NET Framework 4\.7\.2, this host runs \.NET \d+.*net472/,
    ],
  ])('refuses %s', async (_, args, message) => {
    expect(await startError([...MODERN_HOST, ...args])).toMatch(message);
  });

  it.each([
    ['modern host', MODERN_HOST],
    ...(hasMono ? ([['host for .NET Framework', FRAMEWORK_HOST]] as const) : []),
  ] as const)('refuses a 32-bit assembly by the %s, and names the host that it wants', async (_, host) => {
    const folder = await mkdtemp(join(tmpdir(), 'ostler-dotnet-'));
    try {
      const file = join(folder, 'Old.dll');
      await writeFile(file, as32Bit(await readFile(HELLO)));
      expect(await startError([...host, ...serving(file, 'HelloTask')])).toMatch(
        /Old\.dll is a 32-bit \(x86\) assembly, this host is 64-bit: it wants ostler-host for net472 built with -p:PlatformTarget=x86/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a file that is no assembly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ostler-dotnet-'));
    try {
      const file = join(folder, 'Text.dll');
      await writeFile(file, 'no assembly');
      expect(await startError([...MODERN_HOST, ...serving(file, 'X')])).toMatch(/Text\.dll is no \.NET assembly/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe.skipIf(!hasMono)('the host for .NET Framework (needs the .NET SDK 10 and mono-devel)', () => {
  it('takes legacy as it is: its configuration, its folder, its exceptions', async () => {
    const pool = open([...FRAMEWORK_HOST, ...serving(LEGACY, 'Legacy.LegacyTask')]);
    expect(await pool.call('Greet', 'Ada')).toBe('Good day, Ada');
    expect(await pool.call('ConnectionString', 'orders')).toBe('Server=db1;Database=Orders');
    expect(await pool.call('IsInItsOwnFolder', null)).toBe(true);
    const error = await pool.call('Fail', null).catch((reason) => reason);
    expect(error.remote).toMatchObject({ name: 'InvalidOperationException', message: 'out of cheese' });
  });

  it('finds a task in a folder of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ostler-dotnet-'));
    try {
      const file = join(folder, 'HelloTask.dll');
      await copyFile(HELLO, file);
      const pool = open([...FRAMEWORK_HOST, ...serving(file, 'HelloTask')]);
      expect(await pool.call('Greet', 'you')).toBe('Hello, you!');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses an assembly for modern .NET', async () => {
    const modern = built('Ostler.Host/release_net8.0/ostler-host.dll');
    expect(await startError([...FRAMEWORK_HOST, ...serving(modern, 'X')])).toMatch(
      /ostler-host\.dll is built for \.NET 8\.0, this host runs \.NET Framework: it wants the modern ostler-host/,
    );
  });
});
