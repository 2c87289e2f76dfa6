import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BoundingBox, FaceWarning } from '#face';
import type { InferenceRuntime } from '../inference/inference-runtime.js';
import { standardOutput } from '../logging/line-output.js';
import { VERSION } from '../version.js';

/** From half a millisecond to ten seconds: a stage of a small photograph to a request at its deadline. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

interface AnalysedFace {
  readonly box: BoundingBox;
  readonly warnings: readonly FaceWarning[];
}

/** A photograph that was searched for faces; only some have theirs embedded. */
interface Analysed {
  readonly timings: {
    readonly decodeMs: number;
    readonly detectMs: number;
    readonly cropMs?: number;
    readonly embedMs?: number;
  };
  readonly facesFound: number;
  /** The faces in the answer, or the only one. */
  readonly faces?: readonly AnalysedFace[];
  readonly face?: AnalysedFace;
  /** How long it waited for a worker, in milliseconds. */
  readonly queueMs: number;
}

/**
 * Similarities: different people are mostly near 0, one person's photographs mostly above 0.6. Narrower from 0.4 to 0.8,
 * where thresholds lie and a drift changes verdicts.
 */
const SIMILARITIES = [-0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1];

/**
 * Widths of faces, in pixels, each about √2 of the one before. The embedder takes squares of 160 pixels: smaller faces
 * are enlarged.
 */
const FACE_WIDTHS = [20, 28, 40, 56, 80, 112, 160, 226, 320, 452, 640, 1024];

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

  readonly #similarity = new Histogram({
    name: 'face_similarity',
    help: 'Cosine similarity of compared faces, −1 to 1.',
    labelNames: ['detector'],
    buckets: SIMILARITIES,
    registers: [this.registry],
  });

  readonly #faceWidth = new Histogram({
    name: 'face_width_pixels',
    help: 'Width of the box of each face that was selected or asked for, in pixels of the photograph as sent.',
    labelNames: ['detector'],
    buckets: FACE_WIDTHS,
    registers: [this.registry],
  });

  readonly #warnings = new Counter({
    name: 'face_warnings_total',
    help: 'Warnings about the quality of faces that were selected or asked for.',
    labelNames: ['detector', 'warning'],
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
  countAnalysis(detector: string, { timings, facesFound, queueMs, face, faces = face ? [face] : [] }: Analysed): void {
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
    for (const { box, warnings } of faces) {
      this.#faceWidth.observe({ detector }, box.x2 - box.x1);
      for (const warning of warnings) this.#warnings.inc({ detector, warning });
    }
  }

  countCut(reason: string): void {
    this.#connectionsCut.inc({ reason });
  }

  countVerdict(detector: string, match: boolean, similarity: number): void {
    this.#similarity.observe({ detector }, similarity);
    this.#comparisons.inc({ detector, match: String(match) });
  }
}
