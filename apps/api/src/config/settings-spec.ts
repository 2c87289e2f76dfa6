import type { RequiredValidatorSpec } from 'envalid';
import {
  CROP_RULES,
  DETECTOR_NAMES,
  type DetectorName,
  DETECTORS,
  FACE_SELECTIONS,
  MAX_FALSE_MATCH_RATE,
  MAX_THRESHOLD,
  MIN_FALSE_MATCH_RATE,
  MIN_THRESHOLD,
} from '#face';
import {
  anyText,
  between,
  choice,
  file,
  host,
  integer,
  type Kind,
  keys,
  orAuto,
  orNone,
  origins,
  range,
  severalOf,
  text,
  trueOrFalse,
} from './setting-kinds.js';

/*
 * Every setting: its environment variable, allowed values, default and purpose. The Settings type, its parser
 * (settings.ts), docs/settings.md and .env.example (settings-documentation.ts) are derived from this table: after a
 * change, run `npm run docs:settings`.
 */

/** Products whose clients may be served. */
export const COMPATIBLE_PRODUCTS = ['compreface', 'deepface'] as const;

export type CompatibleProduct = (typeof COMPATIBLE_PRODUCTS)[number];

/** One setting. */
export interface Setting<T> {
  readonly default: NonNullable<T>;
  /** Its purpose, in Markdown, including units and special values. */
  readonly desc: string;
  /** Allowed values, in words. */
  readonly allowed: string;
  readonly _parse: RequiredValidatorSpec<T>['_parse'];
}

function setting<T>({ allowed, parse }: Kind<T>, fallback: NoInfer<NonNullable<T>>, desc: string): Setting<T> {
  // Tools that forward variables set missing ones to an empty string.
  const isLeftOut = (input: string): boolean => (fallback === 'auto' || fallback === 'none') && input.trim() === '';
  return { default: fallback, desc, allowed, _parse: (input) => (isLeftOut(input) ? fallback : parse(input)) };
}

const MEBIBYTE = 1024 ** 2;

const SERVER = {
  HOST: setting(host, '0.0.0.0', 'Address to listen on.'),
  PORT: setting(integer(0, 65_535), 8000, 'Port to listen on. `0` picks a free one.'),
  COMPATIBILITY: setting(
    orNone(severalOf(COMPATIBLE_PRODUCTS)),
    'none',
    'Other products whose clients are served, too: their verification endpoint is added (docs/compatibility.md).',
  ),
};

const COMPARISON = {
  SIMILARITY_THRESHOLD: setting(
    orAuto(between(MIN_THRESHOLD, MAX_THRESHOLD)),
    'auto',
    'Similarity from which two faces match. `auto`: that of the weights, 0.6 for the bundled ones.',
  ),
  CALIBRATION: setting(
    orNone(file),
    'none',
    'File that says what a score means (docs/calibration.md), relative to where the service is started. With it, answers have `false_match_rate`.',
  ),
  FMR: setting(
    orNone(between(MIN_FALSE_MATCH_RATE, MAX_FALSE_MATCH_RATE)),
    'none',
    'False match rate to keep, instead of a threshold: `CALIBRATION` gives the threshold of each detector. `SIMILARITY_THRESHOLD` must be `auto`.',
  ),
  REVIEW_BAND: setting(
    orNone(range(MIN_THRESHOLD, MAX_THRESHOLD)),
    'none',
    'Similarities that a person should look at, from the first number up to the second. With it, answers have `decision`. It must contain the threshold.',
  ),
  MIN_CONFIDENCE: setting(between(0, 1), 0, 'Faces with a lower `confidence_score` do not count.'),
  FACE_SELECTION: setting(
    choice(FACE_SELECTIONS),
    'largest',
    'Which face counts where a photograph shows several: the `largest`, the most `central`, or a `single` one, which refuses photographs with another large face.',
  ),
};

type CropMargin = `${Uppercase<DetectorName>}_CROP_MARGIN`;

/** The setting for the margin around a detector's boxes. */
const cropMarginName = (detector: DetectorName): CropMargin =>
  `${detector.toUpperCase() as Uppercase<DetectorName>}_CROP_MARGIN`;

const CROP_MARGINS = Object.fromEntries(
  DETECTOR_NAMES.map((name) => [
    cropMarginName(name),
    setting(
      between(0, 2),
      DETECTORS[name].crop.margin,
      `Margin of the square around a face that ${DETECTORS[name].title} found, as a share of its side.`,
    ),
  ]),
) as Readonly<Record<CropMargin, Setting<number>>>;

const MODELS = {
  DETECTORS: setting(
    severalOf(DETECTOR_NAMES),
    DETECTOR_NAMES,
    'Detectors that can be asked for. The endpoints of others answer 404, and models that nothing needs are not loaded.',
  ),
  EMBEDDER_WEIGHTS: setting(text, 'casia-webface', 'Weights of the embedder: `casia-webface` or `vggface2`.'),
  EMBEDDER_PRECISION: setting(
    choice(['auto', 'int8', 'fp32']),
    'auto',
    'Precision of the embedder. `auto` takes `int8` where the CPU computes it faster, else `fp32`.',
  ),
  CROP_RULE: setting(
    choice(['auto', ...CROP_RULES]),
    'auto',
    'What is cut out around a face: a level `square` with a margin, or the same as the Python stack cuts out (`reference`). `auto`: what suits the weights, `square` for the bundled ones.',
  ),
  ...CROP_MARGINS,
  MODELS_DIR: setting(
    text,
    'models',
    'Folder with the models and their manifest, relative to where the service is started.',
  ),
};

const PERFORMANCE = {
  WORKERS: setting(
    orAuto(integer(1, 256)),
    'auto',
    'Worker threads, each with its own copy of the models. `auto`: one per core, or 2 on a GPU.',
  ),
  PROCESSES: setting(
    orAuto(integer(1, 64)),
    'auto',
    'Service processes that share the port and the workers, for machines whose workers one process cannot feed. `auto`: one for every eight workers, and 1 on a GPU.',
  ),
  INTRA_OP_THREADS: setting(
    integer(1, 64),
    1,
    'Threads that one run of a model may use. Workers × threads should not exceed the cores.',
  ),
  EXECUTION_PROVIDER: setting(
    choice(['auto', 'cpu', 'cuda', 'webgpu']),
    'auto',
    'Where the models run. `auto` takes `cuda` where an NVIDIA GPU works, else `cpu`.',
  ),
  BATCH_MAX_FACES: setting(
    orAuto(integer(1, 64)),
    'auto',
    'Faces computed together, and photographs that a worker takes at a time. `auto`: 1 on the CPU, 16 on a GPU.',
  ),
  BATCH_MAX_WAIT_MS: setting(
    integer(0, 1000),
    3,
    'How long a face may wait for others to be computed with, in milliseconds.',
  ),
};

const LIMITS = {
  REQUEST_TIMEOUT_MS: setting(
    integer(1, 600_000),
    10_000,
    'Time from a request’s arrival to its answer, in milliseconds. What takes longer is answered with 504.',
  ),
  MAX_QUEUE: setting(
    integer(0, 100_000),
    256,
    'Photographs that may wait for a worker; each comparison has two. More are refused with 503, and so is a comparison that cannot be expected to be done within `REQUEST_TIMEOUT_MS`.',
  ),
  MAX_IMAGE_BYTES: setting(
    integer(1, 256 * MEBIBYTE),
    10 * MEBIBYTE,
    'Largest photograph, in bytes of its file. The largest body follows from it: twice as much in base64, and 64 KiB.',
  ),
  MAX_IMAGE_PIXELS: setting(integer(400, 268_000_000), 50_000_000, 'Largest photograph, in pixels (width × height).'),
  MAX_PENDING_BYTES: setting(
    integer(MEBIBYTE, 64 * 1024 * MEBIBYTE),
    256 * MEBIBYTE,
    'Bytes of the bodies of all unanswered requests together; each byte takes two to three of memory. Beyond that, the request that has held most for longest is answered with 503.',
  ),
  MAX_CONNECTIONS: setting(integer(1, 100_000), 2000, 'Open connections. More are closed at once.'),
  MAX_CONNECTIONS_PER_ADDRESS: setting(
    integer(1, 100_000),
    500,
    'Open connections from one address. More are closed at once. Not applied behind a proxy (`TRUST_PROXY`).',
  ),
};

const ACCESS = {
  API_KEYS: setting(keys, [], 'Keys, one of which every caller must send. None: no key is needed.'),
  RATE_LIMIT_PER_MINUTE: setting(
    integer(0, 1_000_000),
    0,
    'Comparisons per minute for each key, or for each address where there are no keys. `0`: no limit.',
  ),
  DEMO: setting(
    trueOrFalse,
    true,
    'Whether `GET /` answers browsers with a page on which two photographs can be compared. It needs no key, its comparisons do.',
  ),
  CORS_ORIGINS: setting(
    origins,
    [],
    'Origins whose web pages may call the service, or `*` for all. None: pages of no other origin may.',
  ),
  TRUST_PROXY: setting(
    integer(0, 10),
    0,
    'Number of proxies in front of the service whose `X-Forwarded-For` is believed.',
  ),
};

const OPERATION = {
  LOG_LEVEL: setting(
    choice(['debug', 'info', 'warn', 'error', 'silent']),
    'info',
    'Least important lines that are logged.',
  ),
  LOG_ADDRESSES: setting(trueOrFalse, false, 'Whether callers’ addresses are logged.'),
  DRAIN_DELAY_MS: setting(
    integer(0, 600_000),
    0,
    'Time from SIGTERM, when `/health/ready` begins to answer 503, until no more connections are accepted, in milliseconds.',
  ),
  SHUTDOWN_TIMEOUT_MS: setting(
    integer(0, 600_000),
    15_000,
    'Time that requests under way have to finish after the drain delay, in milliseconds.',
  ),
  NODE_ENV: setting(anyText, 'development', '`production` logs JSON; anything else logs lines for people to read.'),
};

/** Related settings, under one heading of docs/settings.md. */
export interface SettingGroup {
  readonly title: string;
  readonly introduction: string;
  readonly settings: Readonly<Record<string, Setting<unknown>>>;
}

/** All settings, by topic. */
export const SETTING_GROUPS: readonly SettingGroup[] = [
  { title: 'Server', introduction: 'Where the service listens, and for whom.', settings: SERVER },
  {
    title: 'Comparison',
    introduction:
      'What counts as a match. A request can override these ([api.md](api.md#a-comparison)), except `CALIBRATION` and `REVIEW_BAND`.',
    settings: COMPARISON,
  },
  {
    title: 'Models',
    introduction: 'Which models are used, and what is cut out around a face for them.',
    settings: MODELS,
  },
  {
    title: 'Performance',
    introduction: 'How the machine is used. The defaults suit most machines.',
    settings: PERFORMANCE,
  },
  {
    title: 'Limits',
    introduction:
      'What one caller, or all together, may ask of the service. What exceeds a limit is refused early. Each of several processes (`PROCESSES`) has an equal share of `MAX_QUEUE`, `MAX_PENDING_BYTES`, `MAX_CONNECTIONS` and `MAX_CONNECTIONS_PER_ADDRESS`.',
    settings: LIMITS,
  },
  { title: 'Access', introduction: 'Who may call the service, and how often.', settings: ACCESS },
  { title: 'Logs and shutdown', introduction: 'What is logged, and how the service stops.', settings: OPERATION },
];

/** All settings, by name. */
export const SETTINGS_SPEC = {
  ...SERVER,
  ...COMPARISON,
  ...MODELS,
  ...PERFORMANCE,
  ...LIMITS,
  ...ACCESS,
  ...OPERATION,
};
