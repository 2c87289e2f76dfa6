import type { Registry } from 'prom-client';
import type { InferencePool } from '#inference';
import type { Settings } from '../config/settings.js';
import type { RateCounter } from './rate-counter.js';

/** How one process is. */
export interface ProcessReport {
  /** Workers that are ready. */
  readonly workers: number;
  /** Whether all of its workers are ready. */
  readonly healthy: boolean;
  /** Whether one of them hangs. */
  readonly stuck: boolean;
}

/** How the service is, all processes together. */
export interface ServiceReport extends ProcessReport {
  /** Service processes that are ready. */
  readonly processes: number;
}

/** What a process tells of itself. */
export interface Member {
  readonly pool: Pick<InferencePool, 'readyWorkers' | 'healthy' | 'stuck'>;
  readonly registry: Registry;
}

/** The whole service, as seen from one of its processes. */
export interface WholeService {
  /** The settings of all processes together. */
  readonly settings: Settings;
  report(): Promise<ServiceReport>;
  /** The metrics of all processes together, in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Counts callers' requests for all processes together; undefined if there is but one. */
  readonly countRequest?: RateCounter;
}

/** Makes a process known to the whole. */
export type Join = (member: Member) => WholeService;

/** For a process that is the whole service. */
export const alone =
  (settings: Settings): Join =>
  ({ pool, registry }) => ({
    settings,
    report: () => Promise.resolve({ processes: 1, ...reportOf(pool) }),
    metrics: () => registry.metrics(),
  });

export const reportOf = ({ readyWorkers, healthy, stuck }: Member['pool']): ProcessReport => ({
  workers: readyWorkers,
  healthy,
  stuck,
});
