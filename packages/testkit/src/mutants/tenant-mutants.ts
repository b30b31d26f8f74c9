import type { Mutant } from './mutant.js';

/** Bugs that a scheduler is likely to have where a worker serves one tenant only. */
export const TENANT_MUTANTS: readonly Mutant[] = [
  {
    name: 'an idle worker serves whoever comes',
    file: 'core/tenant-placement.ts',
    find: 'if (worker.tenant === undefined) fresh ??= worker;',
    replace: 'fresh ??= worker;',
  },
  {
    name: 'a worker is bound anew by each task',
    file: 'core/dispatch.ts',
    find: 'if (tenants !== undefined && worker.tenant === undefined) tenants.bind',
    replace: 'if (tenants !== undefined) tenants.bind',
  },
  {
    name: 'idle workers of others keep their places',
    file: 'core/scheduler.ts',
    find: 'if (!paused) this.#places?.makePlaces();',
    replace: '',
  },
  {
    name: 'busy workers never give their places away',
    file: 'core/tenant-placement.ts',
    find: 'if (answered !== undefined) this.#places.giveUp(answered);',
    replace: '',
  },
  {
    name: 'the only worker of a tenant never has to leave',
    file: 'core/tenant-places.ts',
    find: 'held > 1 || now >= worker.boundAt + tuning.tenantTurn;',
    replace: 'held > 1;',
  },
  {
    name: 'more workers leave than are needed',
    file: 'core/tenant-places.ts',
    find: 'if (this.#tenants.line.size > coming)',
    replace: 'if (this.#tenants.line.size > 0)',
  },
  {
    name: 'places are given away that can not be filled',
    file: 'core/tenant-places.ts',
    find: 'if (backoff.until <= now) return true;',
    replace: 'return true;',
  },
  {
    name: 'whoever came last is served first',
    file: 'core/tenant-line.ts',
    find: '    tenant.before = this.#last;\n    if (this.#last === undefined) this.first = tenant;\n    else this.#last.after = tenant;\n    this.#last = tenant;',
    replace:
      '    tenant.after = this.first;\n    if (this.first === undefined) this.#last = tenant;\n    else this.first.before = tenant;\n    this.first = tenant;',
  },
  {
    name: 'a tenant stays in line when it has a worker',
    file: 'core/tenant-table.ts',
    find: 'tenant.waiting > 0 && tenant.workers === 0);',
    replace: 'tenant.waiting > 0);',
  },
  {
    name: 'a worker that has left is still counted for its tenant',
    file: 'core/worker-life.ts',
    find: 'tenants?.release(worker);',
    replace: '',
  },
  {
    name: 'a tenant without a worker waits for pressure',
    file: 'core/growth.ts',
    find: 'let wanted = tenants.line.size;',
    replace: 'let wanted = Math.min(1, tenants.line.size);',
  },
  {
    name: 'workers of tenants count as the minimum',
    file: 'core/core-state.ts',
    find: 'this.minWorkers + this.tenants.bound)',
    replace: 'this.minWorkers)',
  },
  {
    name: 'the undrawn items of a batch are counted for ever',
    file: 'core/waiting-room.ts',
    find: 'this.#ofTenants?.drawn(batch);',
    replace: '',
  },
  {
    name: 'what waits in vain for a worker of its tenant waits for ever',
    file: 'core/growth.ts',
    find: "if (!this.#isServed(task)) this.#settlement.settleWaiting(task, 'start-failed');",
    replace: "if (workers.warm === 0) this.#settlement.settleWaiting(task, 'start-failed');",
  },
];
