/** Tasks beside each other that together cost no more than is allowed. */
export interface BoundedTasks {
  /**
   * Begins a task as soon as there is room for it: beside others where all of them together cost no more than is allowed, else
   * alone. Throws what an earlier one threw.
   */
  begin(task: () => Promise<void>, cost?: number): Promise<void>;
  /** Waits for all, and throws what one of them threw. */
  end(): Promise<void>;
  /** Waits for all, and throws nothing. */
  settled(): Promise<void>;
}

/** @param most what tasks that run at once may cost together; a task costs 1 unless it says otherwise */
export function boundedTasks(most: number): BoundedTasks {
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  let costs = 0;
  const start = (task: () => Promise<void>, cost: number) => {
    costs += cost;
    const settled = task()
      .catch((error: unknown) => {
        errors.push(error);
      })
      .finally(() => {
        costs -= cost;
        running.delete(settled);
      });
    running.add(settled);
  };
  const rethrow = () => {
    if (errors.length > 0) throw errors[0];
  };
  const settled = async () => {
    await Promise.all(running);
  };
  return {
    async begin(task, cost = 1) {
      while (running.size > 0 && costs + cost > most) await Promise.race(running);
      rethrow();
      start(task, cost);
    },
    async end() {
      await settled();
      rethrow();
    },
    settled,
  };
}
