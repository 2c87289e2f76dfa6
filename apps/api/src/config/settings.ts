import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { cleanEnv } from 'envalid';
import { DETECTOR_NAMES, type DetectorName } from '#face';
import { type CompatibleProduct, type Setting, SETTINGS_SPEC } from './settings-spec.js';

type Spec = typeof SETTINGS_SPEC;

/** Turns MAX_IMAGE_BYTES into maxImageBytes. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The validated settings from the environment. */
type GivenSettings = { readonly [Name in keyof Spec as CamelCase<Name>]: ValueOf<Spec[Name]> };

/** Values derived from them. */
interface ComputedSettings {
  readonly workers: number;
  /** Margin around each detector's boxes, as a share of the side. */
  readonly cropMargins: Readonly<Record<DetectorName, number>>;
  /** `workers` when the models run on a GPU. */
  readonly gpuWorkers: number;
  /** Maximum body of a comparison in bytes: two photographs in base64, plus some overhead. */
  readonly maxBodyBytes: number;
  readonly compatibility: readonly CompatibleProduct[];
  /** An absolute path, or none. */
  readonly calibration: string;
  /** An absolute path. */
  readonly modelsDir: string;
  /** Whether NODE_ENV is `production`. */
  readonly production: boolean;
}

/** The settings as the rest of the service uses them: typed, validated and frozen. */
export type Settings = Omit<GivenSettings, 'nodeEnv' | `${DetectorName}CropMargin` | keyof ComputedSettings> &
  ComputedSettings;

/** Base64 takes four bytes for three; the rest of a body is field names and a few numbers. */
const BASE64_GROWTH = 4 / 3;
const BODY_SLACK_BYTES = 64 * 1024;

/** On a GPU, one worker prepares faces while the GPU computes the other's. */
const AUTO_GPU_WORKERS = 2;

/**
 * Reads and validates the settings. Nothing else reads the environment. An empty value means `auto` or `none` if that is
 * the default, or an empty list if that is; otherwise it is an error.
 *
 * @throws Error with one line naming every bad setting and its allowed values
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const { nodeEnv, ...given } = readGiven(env);
  const maxBodyBytes = Math.ceil(2 * given.maxImageBytes * BASE64_GROWTH) + BODY_SLACK_BYTES;
  if (given.maxPendingBytes < maxBodyBytes) {
    throw new Error(
      `Bad settings: MAX_PENDING_BYTES must be at least ${maxBodyBytes}, the largest body that MAX_IMAGE_BYTES allows`,
    );
  }
  checkFmr(given);
  return Object.freeze<Settings>({
    ...given,
    compatibility: given.compatibility === 'none' ? [] : given.compatibility,
    calibration: given.calibration === 'none' ? given.calibration : resolve(given.calibration),
    cropMargins: cropMargins(given),
    workers: given.workers === 'auto' ? availableParallelism() : given.workers,
    gpuWorkers: given.workers === 'auto' ? AUTO_GPU_WORKERS : given.workers,
    maxBodyBytes,
    modelsDir: resolve(given.modelsDir),
    production: nodeEnv === 'production',
  });
}

function checkFmr(given: Pick<GivenSettings, 'fmr' | 'calibration' | 'similarityThreshold'>): void {
  const { fmr, calibration, similarityThreshold } = given;
  if (fmr === 'none') return;
  if (calibration === 'none') throw new Error('Bad settings: FMR needs CALIBRATION, which gives the threshold for it');
  if (similarityThreshold !== 'auto') {
    throw new Error('Bad settings: SIMILARITY_THRESHOLD must be auto with FMR, which sets the threshold');
  }
}

function cropMargins(given: Pick<GivenSettings, `${DetectorName}CropMargin`>): Settings['cropMargins'] {
  return Object.fromEntries(
    DETECTOR_NAMES.map((detector) => [detector, given[`${detector}CropMargin`]]),
  ) as Settings['cropMargins'];
}

function readGiven(env: NodeJS.ProcessEnv): GivenSettings {
  const values = cleanEnv(env, SETTINGS_SPEC, {
    reporter: ({ errors }) => {
      const problems = Object.entries(errors).map(([name, error]) => `${name} ${error.message}`);
      if (problems.length > 0) throw new Error(`Bad settings: ${problems.join('; ')}`);
    },
  });
  const names = Object.keys(SETTINGS_SPEC) as (keyof Spec)[];
  return Object.fromEntries(names.map((name) => [camelCase(name), values[name]])) as unknown as GivenSettings;
}

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
