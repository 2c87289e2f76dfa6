import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { standardOutput } from '../logging/line-output.js';
import { VERSION } from '../version.js';

/** From half a millisecond to ten seconds: a stage of a small photograph to a request at its deadline. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

/** A photograph that was searched for faces; only some have theirs embedded. */
interface Analysed {
  readonly timings: {
    readonly decodeMs: number;
    readonly detectMs: number;
    readonly cropMs?: number;
    readonly embedMs?: number;
  };
  readonly facesFound: number;
  /** How long it waited for a worker, in milliseconds. */
  readonly queueMs: number;
}

/** The metrics that Prometheus scrapes from GET /metrics. No label or value reveals anything about a face. */
export class Metrics {
  readonly registry = new Registry();

  readonly #requests = new Counter({
    name: 'face_http_requests_total',
    help: 'Requests by route, status and error code.',
    labelNames: ['route', 'status', 'code'],
    registers: [this.registry],
  });

  readonly #requestSeconds = new Histogram({
    name: 'face_http_request_duration_seconds',
    help: 'Time from a request’s arrival to its response.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly #stageSeconds = new Histogram({
    name: 'face_stage_duration_seconds',
    help: 'Duration of each stage for one photograph.',
    labelNames: ['stage', 'detector'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly #facesFound = new Histogram({
    name: 'face_faces_found',
    help: 'Faces found in a photograph.',
    labelNames: ['detector'],
    buckets: [1, 2, 3, 5, 10, 20],
    registers: [this.registry],
  });

  readonly #comparisons = new Counter({
    name: 'face_comparisons_total',
    help: 'Verdicts by detector and outcome.',
    labelNames: ['detector', 'match'],
    registers: [this.registry],
  });

  readonly #connectionsCut = new Counter({
    name: 'face_connections_cut_total',
    help: 'Connections that were cut: too many in total or from one address, too many pipelined requests, unread responses.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  constructor({ pool, models, executionProvider }: InferenceRuntime) {
    const { registry } = this;
    collectDefaultMetrics({ register: registry });
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    };
    gauge('face_queue_length', 'Photographs that wait for a worker.', () => pool.queueLength);
    gauge('face_workers_ready', 'Workers whose models are loaded and warm.', () => pool.readyWorkers);
    new Counter({
      name: 'face_worker_restarts_total',
      help: 'Workers that died and had to be replaced.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(pool.workerDeaths);
      },
    });
    new Counter({
      name: 'face_log_lines_dropped_total',
      help: 'Log lines that could not be written.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(standardOutput.droppedLines);
      },
    });
    new Gauge({
      name: 'face_build_info',
      help: 'Always 1; the labels show what is running.',
      // The same in every process of a service.
      aggregator: 'first',
      labelNames: ['version', 'execution_provider', 'precision', 'weights'],
      registers: [registry],
    }).set(
      {
        version: VERSION,
        execution_provider: executionProvider,
        precision: models.precision,
        weights: models.embedder.weights,
      },
      1,
    );
  }

  countRequest(route: string, status: number, code: string, seconds: number): void {
    this.#requests.inc({ route, status, code });
    this.#requestSeconds.observe({ route }, seconds);
  }

  /** Counts a photograph that was searched for faces, and the stages that it went through. */
  countAnalysis(detector: string, { timings, facesFound, queueMs }: Analysed): void {
    const stages = {
      queue: queueMs,
      decode: timings.decodeMs,
      detect: timings.detectMs,
      crop: timings.cropMs,
      embed: timings.embedMs,
    };
    for (const [stage, ms] of Object.entries(stages)) {
      if (ms !== undefined) this.#stageSeconds.observe({ stage, detector }, ms / 1000);
    }
    this.#facesFound.observe({ detector }, facesFound);
  }

  countCut(reason: string): void {
    this.#connectionsCut.inc({ reason });
  }

  countVerdict(detector: string, match: boolean): void {
    this.#comparisons.inc({ detector, match: String(match) });
  }
}
