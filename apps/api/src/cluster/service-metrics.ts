import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** The metrics of one process, as `registry.getMetricsAsJSON()` returns them. */
export type ProcessMetrics = MetricObjectWithValues<MetricValue<string>>[];

/** What grows for ever: the counts of a process that has died still belong to the service. */
const CUMULATIVE = ['counter', 'histogram'];

/**
 * Adds up the metrics of the service's processes, each metric as its `aggregator` says (a sum unless it says
 * otherwise).
 *
 * The counts of a process that has died are kept as last seen. Without them the sum would fall, which Prometheus takes
 * for a restart of the whole service: it would count everything again.
 */
export class ServiceMetrics {
  readonly #own = new Registry();
  readonly #processesReady = new Gauge({
    name: 'face_processes_ready',
    help: 'Service processes that are ready.',
    registers: [this.#own],
  });
  readonly #restarts = new Counter({
    name: 'face_process_restarts_total',
    help: 'Service processes that died and had to be replaced.',
    registers: [this.#own],
  });
  readonly #last = new Map<number, ProcessMetrics>();
  /** The counts of all processes that have died. */
  #ended: Promise<ProcessMetrics> = Promise.resolve([]);

  /** Keeps what a process has told of itself, in place of what it told before. */
  keep(pid: number, metrics: ProcessMetrics): void {
    this.#last.set(pid, metrics);
  }

  /** Counts a process that has died. */
  processDied(pid: number): void {
    this.#restarts.inc();
    const counts = this.#last.get(pid)?.filter(({ type }) => CUMULATIVE.includes(String(type))) ?? [];
    this.#last.delete(pid);
    this.#ended = this.#ended.then((ended) => AggregatorRegistry.aggregate([ended, counts]).getMetricsAsJSON());
  }

  /** The sums, in Prometheus' text format. */
  async text(processesReady: number): Promise<string> {
    this.#processesReady.set(processesReady);
    // Both at once: a process may die while the others are added up.
    const [last, ended] = [[...this.#last.values()], this.#ended];
    return AggregatorRegistry.aggregate([await this.#own.getMetricsAsJSON(), ...last, await ended]).metrics();
  }
}
