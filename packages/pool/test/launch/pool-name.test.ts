import { expect, test } from 'vitest';
import { poolName } from '../../src/launch/pool-name.js';

test.each([
  [['python3', 'main.py'], 'main'],
  [['python3.11', '-u', '/srv/thumbs.py', 'data.csv'], 'thumbs'],
  [['/usr/bin/python3', '-m', 'ostler_worker', '--fork', 'media.thumbs:Resizer'], 'thumbs'],
  [['python3', '-m', 'server', '127.0.0.1:80'], 'python3'],
  [['/usr/bin/node', '--expose-gc', './lib/hash.js', '--port', '3'], 'hash'],
  [['C:\\Program Files\\nodejs\\node.exe', 'C:\\w\\hash.mjs'], 'hash'],
  [['dotnet', 'bin/Worker.dll'], 'Worker'],
  [['java', '-jar', 'w.jar'], 'w'],
  [['./render', '/data/scenes.db'], 'render'],
  [['render.exe', 'a.b'], 'render'],
  [['worker'], 'worker'],
  [['/opt/my.worker/run'], 'run'],
  [['node', '-'], 'node'],
  [['.hidden'], '.hidden'],
])('of %o is %o', (command, name) => {
  expect(poolName(command)).toBe(name);
});
