/** The value below which `share` (0 to 1) of the values lie; NaN for no values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** User and system time this process has used on all its threads, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Runs something `runs` times, after `warmUps` uncounted runs. Returns CPU milliseconds per run, all threads together.
 */
export async function cpuPerRun(runs: number, warmUps: number, work: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < warmUps; i++) await work();
  const before = cpuMs();
  for (let i = 0; i < runs; i++) await work();
  return (cpuMs() - before) / runs;
}

/** Runs something `runs` times, after `warmUps` uncounted runs. Returns median wall-clock milliseconds. */
export async function medianMs(runs: number, warmUps: number, work: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < warmUps; i++) await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return median(times);
}
