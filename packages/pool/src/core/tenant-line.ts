import type { Tenant } from './tenant.js';

/** Tenants that wait and have no worker, the one that has waited longest first: linked, so that ten thousand of them cost no more than ten. */
export class TenantLine {
  first: Tenant | undefined = undefined;
  size = 0;
  #last: Tenant | undefined = undefined;

  /** In line, at its end, or not. */
  put(tenant: Tenant, inLine: boolean): void {
    if (tenant.inLine === inLine) return;
    tenant.inLine = inLine;
    if (inLine) this.#push(tenant);
    else this.#remove(tenant);
  }

  #push(tenant: Tenant): void {
    tenant.before = this.#last;
    if (this.#last === undefined) this.first = tenant;
    else this.#last.after = tenant;
    this.#last = tenant;
    this.size++;
  }

  #remove(tenant: Tenant): void {
    const { before, after } = tenant;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    tenant.before = undefined;
    tenant.after = undefined;
    this.size--;
  }
}
