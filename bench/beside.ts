import { resolve } from 'node:path';
import { COMPARISON_PATHS } from '../apps/api/src/comparison/comparison-paths.js';
import { MAIN, Service } from '../test/support/service.js';
import { ms } from './format.js';
import { load } from './load.js';
import { withCpuMs } from './process-usage.js';
import { median } from './statistics.js';

/** Odd, so that there is a middle value. */
const ROUNDS = 7;

/** Short, as the machine's speed changes between one version's turn and the other's. */
const REQUESTS = 24;

/** As many as there are workers by default on the two cores of docs/performance.md. */
const CLIENTS = 2;

/**
 * Measures what a request costs this version and another: CPU time of the whole service, the two taking turns.
 *
 * @param folder another version's repository, built
 */
export async function measureBeside(folder: string, body: Buffer): Promise<void> {
  // The other one first: if it does not start, nothing is left running.
  const other = await Service.start({}, resolve(folder, MAIN));
  const ours = await Service.start();
  const cost = async ({ url, pid }: Service, path: string): Promise<number> => {
    const { cpuMs, answered } = await withCpuMs(pid, () => load(url + path, body, CLIENTS, REQUESTS));
    return cpuMs / answered;
  };
  for (const path of Object.values(COMPARISON_PATHS)) {
    for (const { url } of [ours, other]) await load(url + path, body, CLIENTS, REQUESTS);
    const [costs, others, ratios]: number[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      costs.push(await cost(ours, path));
      others.push(await cost(other, path));
      ratios.push(costs[round] / others[round]);
    }
    console.log(
      `${path.padEnd(11)} CPU per request ${ms(median(costs))} ms, ${median(ratios).toFixed(2)} of the other version’s ${ms(median(others))} ms`,
    );
  }
  await ours.stop();
  await other.stop();
}
