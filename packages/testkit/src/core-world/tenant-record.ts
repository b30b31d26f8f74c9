/** Since when tenants have waited without a worker, and since when they have had one. */
export class TenantRecord {
  /** The number of the event since whose end the tenant waits. */
  readonly inLineSince = new Map<string, number>();
  readonly servedSince = new Map<string, number>();
  #events = 0;

  /** So these tenants wait without a worker when an event is over. */
  eventOver(unserved: readonly string[]): void {
    this.#events++;
    for (const tenant of this.inLineSince.keys()) if (!unserved.includes(tenant)) this.inLineSince.delete(tenant);
    for (const tenant of unserved) if (!this.inLineSince.has(tenant)) this.inLineSince.set(tenant, this.#events);
  }
}
