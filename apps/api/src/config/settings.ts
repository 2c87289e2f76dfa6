import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { bool, cleanEnv, str } from 'envalid';
import {
  CROP_RULES,
  type CropRule,
  DETECTOR_NAMES,
  type DetectorName,
  DETECTORS,
  FACE_SELECTIONS,
  type FaceSelection,
  MAX_THRESHOLD,
  MIN_THRESHOLD,
} from '#face';
import { autoOrBetween, autoOrInteger, between, detectors, host, integer, keys, origins, text } from './validators.js';

const MEBIBYTE = 1024 ** 2;

/** Base64 takes four bytes for three; the rest of a body is field names and a number. */
const BASE64_GROWTH = 4 / 3;
const BODY_SLACK_BYTES = 64 * 1024;

/** Workers on a GPU, unless WORKERS says otherwise: one prepares faces while the other's are computed. */
const GPU_WORKERS = 2;

/**
 * Every setting, with its default and what it is for. The README's table and `.env.example` list the same; a test
 * compares them.
 */
export const SETTINGS_SPEC = {
  HOST: host({ default: '0.0.0.0', desc: 'address to listen on' }),
  PORT: integer(0, 65_535)({ default: 8000, desc: 'port to listen on; 0 picks a free one' }),
  SIMILARITY_THRESHOLD: autoOrBetween(
    MIN_THRESHOLD,
    MAX_THRESHOLD,
  )({
    default: 'auto',
    desc: 'similarity from which two faces match, -1 to 1; auto: that of the weights (0.6); a request may set its own',
  }),
  DETECTORS: detectors({
    default: DETECTOR_NAMES,
    desc: 'detectors that can be asked for, with commas between them; the endpoints of others are not there',
  }),
  MIN_CONFIDENCE: between(
    0,
    1,
  )({ default: 0, desc: 'confidence below which a face does not count, 0 to 1; a request may set its own' }),
  FACE_SELECTION: str({
    choices: FACE_SELECTIONS,
    default: 'largest',
    desc: 'which face of a photograph counts: largest, single (others are refused) or central; a request may set its own',
  }),
  WORKERS: integer(
    1,
    256,
  )({
    default: availableParallelism(),
    desc: 'worker threads, each with its own set of models; on a GPU 2',
  }),
  INTRA_OP_THREADS: integer(1, 64)({ default: 1, desc: 'threads one model run may use; workers × threads ≤ cores' }),
  EXECUTION_PROVIDER: str({
    choices: ['auto', 'cpu', 'cuda', 'webgpu'],
    default: 'auto',
    desc: 'where models compute; auto takes cuda where there is an NVIDIA GPU that works, else cpu',
  }),
  BATCH_MAX_FACES: autoOrInteger(
    1,
    64,
  )({
    default: 'auto',
    desc: 'faces computed together, and photographs a worker takes at a time; auto: 1 on the CPU, 16 on a GPU',
  }),
  BATCH_MAX_WAIT_MS: integer(
    0,
    1000,
  )({
    default: 3,
    desc: 'milliseconds a face may wait for others to be computed with',
  }),
  MAX_QUEUE: integer(
    0,
    100_000,
  )({ default: 256, desc: 'photographs that may wait for a worker; more are answered 503' }),
  REQUEST_TIMEOUT_MS: integer(
    1,
    600_000,
  )({
    default: 10_000,
    desc: 'milliseconds from arrival to answer; later ones are answered 504',
  }),
  MAX_IMAGE_BYTES: integer(1, 256 * MEBIBYTE)({ default: 10 * MEBIBYTE, desc: 'bytes a photograph may have' }),
  MAX_PENDING_BYTES: integer(
    MEBIBYTE,
    64 * 1024 * MEBIBYTE,
  )({
    default: 256 * MEBIBYTE,
    desc: 'bytes that the bodies of all unanswered requests may have together, each of which takes two to three of memory; what is more is answered 503',
  }),
  MAX_CONNECTIONS: integer(1, 100_000)({ default: 2000, desc: 'connections at a time; more are closed' }),
  MAX_CONNECTIONS_PER_ADDRESS: integer(
    1,
    100_000,
  )({
    default: 500,
    desc: 'connections at a time from one address; more are closed; not counted behind a proxy (TRUST_PROXY)',
  }),
  MAX_IMAGE_PIXELS: integer(
    400,
    268_000_000,
  )({
    default: 50_000_000,
    desc: 'pixels (width × height) a photograph may unpack to',
  }),
  EMBEDDER_WEIGHTS: text({ default: 'casia-webface', desc: 'weights of the embedder: casia-webface or vggface2' }),
  EMBEDDER_PRECISION: str({
    choices: ['auto', 'int8', 'fp32'],
    default: 'auto',
    desc: 'auto takes int8 where the CPU computes it faster, else fp32',
  }),
  CROP_RULE: str({
    choices: ['auto', ...CROP_RULES],
    default: 'auto',
    desc: 'what is cut out around a face; auto: what the weights were measured with; reference does as the Python stack does',
  }),
  MTCNN_CROP_MARGIN: between(
    0,
    2,
  )({ default: DETECTORS.mtcnn.crop.margin, desc: 'margin of the square around an MTCNN box, as a share of its side' }),
  BLAZEFACE_CROP_MARGIN: between(
    0,
    2,
  )({
    default: DETECTORS.blazeface.crop.margin,
    desc: 'margin of the square around a BlazeFace box, as a share of its side',
  }),
  MODELS_DIR: text({ default: 'models', desc: 'folder of the models and their manifest' }),
  API_KEYS: keys({
    default: [],
    desc: 'keys that callers must send, with commas between them, each plain or as sha256:HEX; none: everyone may call',
  }),
  RATE_LIMIT_PER_MINUTE: integer(
    0,
    1_000_000,
  )({
    default: 0,
    desc: 'comparisons a minute for each key, or address where there are no keys; 0: no limit',
  }),
  CORS_ORIGINS: origins({
    default: [],
    desc: 'origins whose pages may call, with commas between them, or * for all; none: no CORS',
  }),
  TRUST_PROXY: integer(
    0,
    10,
  )({
    default: 0,
    desc: 'proxies in front, whose X-Forwarded-For tells the caller’s address',
  }),
  LOG_LEVEL: str({
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    desc: 'least important lines that are logged',
  }),
  LOG_ADDRESSES: bool({ default: false, desc: 'whether the callers’ addresses are logged' }),
  DRAIN_DELAY_MS: integer(
    0,
    600_000,
  )({
    default: 0,
    desc: 'milliseconds from SIGTERM, and /health/ready saying no, until no more connections are accepted',
  }),
  SHUTDOWN_TIMEOUT_MS: integer(
    0,
    600_000,
  )({
    default: 15_000,
    desc: 'milliseconds that requests under way have to finish after that',
  }),
  NODE_ENV: str({ default: 'development', desc: 'production logs JSON only; otherwise lines are for people to read' }),
} as const;

/** The settings as the rest of the service sees them: typed, checked and frozen. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** `auto`: that of the weights. */
  readonly similarityThreshold: number | 'auto';
  readonly detectors: readonly DetectorName[];
  readonly minConfidence: number;
  readonly faceSelection: FaceSelection;
  readonly workers: number;
  /** `workers` where the models compute on a GPU. */
  readonly gpuWorkers: number;
  readonly intraOpThreads: number;
  readonly executionProvider: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly batchMaxFaces: number | 'auto';
  readonly batchMaxWaitMs: number;
  readonly maxQueue: number;
  readonly requestTimeoutMs: number;
  readonly maxImageBytes: number;
  /** What the body of a comparison may have: two photographs in base64, and a little more. */
  readonly maxBodyBytes: number;
  readonly maxImagePixels: number;
  readonly maxPendingBytes: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly embedderWeights: string;
  readonly embedderPrecision: 'auto' | 'int8' | 'fp32';
  /** `auto`: that of the weights. */
  readonly cropRule: CropRule | 'auto';
  /** As a share of the side. */
  readonly cropMargins: Readonly<Record<DetectorName, number>>;
  /** Absolute. */
  readonly modelsDir: string;
  readonly apiKeys: readonly string[];
  readonly rateLimitPerMinute: number;
  /** As browsers send them; or `*` alone, for every origin. */
  readonly corsOrigins: readonly string[];
  readonly trustProxy: number;
  readonly logLevel: string;
  readonly logAddresses: boolean;
  readonly drainDelayMs: number;
  readonly shutdownTimeoutMs: number;
  readonly production: boolean;
}

/**
 * Reads and checks the settings. The only place that looks at the environment. An empty value means none for a list and,
 * as `.env.example` has it, the default for WORKERS; elsewhere it is a mistake.
 *
 * @throws Error with one line that names every bad setting and what it must be
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const workersGiven = (env['WORKERS'] ?? '').trim() !== '';
  const given = workersGiven ? env : { ...env, WORKERS: undefined };
  const values = cleanEnv(given, SETTINGS_SPEC, {
    reporter: ({ errors }) => {
      const problems = Object.entries(errors).map(([name, error]) => `${name} ${error.message}`);
      if (problems.length > 0) throw new Error(`Bad settings: ${problems.join('; ')}`);
    },
  });
  const maxBodyBytes = Math.ceil(2 * values.MAX_IMAGE_BYTES * BASE64_GROWTH) + BODY_SLACK_BYTES;
  if (values.MAX_PENDING_BYTES < maxBodyBytes) {
    throw new Error(
      `Bad settings: MAX_PENDING_BYTES must be at least ${maxBodyBytes}, the largest body that MAX_IMAGE_BYTES allows`,
    );
  }
  return Object.freeze<Settings>({
    host: values.HOST,
    port: values.PORT,
    similarityThreshold: values.SIMILARITY_THRESHOLD,
    detectors: values.DETECTORS,
    minConfidence: values.MIN_CONFIDENCE,
    faceSelection: values.FACE_SELECTION,
    workers: values.WORKERS,
    gpuWorkers: workersGiven ? values.WORKERS : GPU_WORKERS,
    intraOpThreads: values.INTRA_OP_THREADS,
    executionProvider: values.EXECUTION_PROVIDER,
    batchMaxFaces: values.BATCH_MAX_FACES,
    batchMaxWaitMs: values.BATCH_MAX_WAIT_MS,
    maxQueue: values.MAX_QUEUE,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    maxImageBytes: values.MAX_IMAGE_BYTES,
    maxBodyBytes,
    maxImagePixels: values.MAX_IMAGE_PIXELS,
    maxPendingBytes: values.MAX_PENDING_BYTES,
    maxConnections: values.MAX_CONNECTIONS,
    maxConnectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
    embedderWeights: values.EMBEDDER_WEIGHTS,
    embedderPrecision: values.EMBEDDER_PRECISION,
    cropRule: values.CROP_RULE,
    cropMargins: { mtcnn: values.MTCNN_CROP_MARGIN, blazeface: values.BLAZEFACE_CROP_MARGIN },
    modelsDir: resolve(values.MODELS_DIR),
    apiKeys: values.API_KEYS,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    corsOrigins: values.CORS_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    logLevel: values.LOG_LEVEL,
    logAddresses: values.LOG_ADDRESSES,
    drainDelayMs: values.DRAIN_DELAY_MS,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
    production: values.NODE_ENV === 'production',
  });
}
