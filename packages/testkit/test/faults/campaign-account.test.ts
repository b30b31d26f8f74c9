import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerCrashedError } from '@ostler/pool';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignAccount } from '../../src/faults/campaign-account.js';
import { TaskRecords } from '../../src/faults/task-records.js';

const task = { slot: 0, serial: 7 };
const BY_WORKER_1 = 1;

let folder: string;
let records: TaskRecords;
let account: CampaignAccount;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-account-'));
  records = new TaskRecords(join(folder, 'records'), { slots: 1, workers: 3 });
  account = new CampaignAccount(records);
});

afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true });
});

/** What a worker notes: the task's record, and the number of the task that it has begun last. */
function note(record: { serial: number; count: number; order: number }, lastOrder: number): void {
  const { serial, count, order } = record;
  writeFileSync(records.path, new Uint32Array([serial, count, BY_WORKER_1, order, 0, lastOrder, 0]));
}

function crash(pid: number): WorkerCrashedError {
  const exit = { pid, exitCode: null, signal: 'SIGKILL' };
  const facts = { pool: 'p', taskId: 1, handler: 'default', started: true, attempt: 1 };
  return new WorkerCrashedError({ ...facts, exit, stderrTail: '', unresponsive: false });
}

describe('the account of a campaign', () => {
  it('has nothing against one suspect per kill that was what its worker had begun last', () => {
    note({ serial: 7, count: 1, order: 5 }, 5);
    account.killed(100);
    account.rejected(task, crash(100));
    expect(account.close()).toMatchObject({ suspects: 1, lostResults: 0, ranTwice: 0, unexpected: [] });
  });

  it('counts a finished result that was lost: its worker had begun another task since', () => {
    note({ serial: 7, count: 1, order: 5 }, 6);
    account.killed(100);
    account.rejected(task, crash(100));
    expect(account.close()).toMatchObject({ lostResults: 1 });
  });

  it('counts a task that ran twice, and one whose digest is wrong', () => {
    note({ serial: 7, count: 2, order: 5 }, 5);
    account.done(task, false);
    expect(account.close()).toMatchObject({ tasks: 1, finished: 0, ranTwice: 1, wrongDigests: 1 });
  });

  it('counts kills without a suspect and with several, also where the system gives a number again', () => {
    account.killed(100);
    account.started(100);
    account.killed(100);
    account.rejected(task, crash(100));
    account.rejected(task, crash(100));
    expect(account.close()).toMatchObject({ kills: 2, killsWithoutSuspect: 1, killsWithSeveralSuspects: 1 });
  });

  it('expects no other errors, no other deaths, and no reply to what did not begin', () => {
    account.rejected(task, new Error('odd'));
    account.rejected(task, crash(200));
    account.done(task, true);
    expect(account.close().unexpected).toHaveLength(3);
  });
});
