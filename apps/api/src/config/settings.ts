import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { cleanEnv } from 'envalid';
import { DETECTOR_NAMES, type DetectorName } from '#face';
import { type Setting, SETTINGS_SPEC } from './settings-spec.js';

type Spec = typeof SETTINGS_SPEC;

/** MAX_IMAGE_BYTES as maxImageBytes. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The settings as they are in the environment, checked. */
type GivenSettings = { readonly [Name in keyof Spec as CamelCase<Name>]: ValueOf<Spec[Name]> };

/** What is computed from them. */
interface ComputedSettings {
  readonly workers: number;
  /** Margins of the square around each detector's boxes, as a share of the side. */
  readonly cropMargins: Readonly<Record<DetectorName, number>>;
  /** `workers` where the models compute on a GPU. */
  readonly gpuWorkers: number;
  /** What the body of a comparison may have, in bytes: two photographs in base64, and a little more. */
  readonly maxBodyBytes: number;
  /** Absolute. */
  readonly modelsDir: string;
  /** Whether NODE_ENV says so. */
  readonly production: boolean;
}

/** The settings as the rest of the service sees them: typed, checked and frozen. */
export type Settings = Omit<GivenSettings, 'nodeEnv' | `${DetectorName}CropMargin` | keyof ComputedSettings> &
  ComputedSettings;

/** Base64 takes four bytes for three; the rest of a body is field names and a number. */
const BASE64_GROWTH = 4 / 3;
const BODY_SLACK_BYTES = 64 * 1024;

/** On a GPU, one worker prepares faces while the other's are computed. */
const AUTO_GPU_WORKERS = 2;

/**
 * Reads and checks the settings. The only place that looks at the environment. An empty value means `auto` where that
 * is the default, and none for a list; elsewhere it is a mistake.
 *
 * @throws Error with one line that names every bad setting and what it must be
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const { nodeEnv, ...given } = readGiven(env);
  const maxBodyBytes = Math.ceil(2 * given.maxImageBytes * BASE64_GROWTH) + BODY_SLACK_BYTES;
  if (given.maxPendingBytes < maxBodyBytes) {
    throw new Error(
      `Bad settings: MAX_PENDING_BYTES must be at least ${maxBodyBytes}, the largest body that MAX_IMAGE_BYTES allows`,
    );
  }
  return Object.freeze<Settings>({
    ...given,
    cropMargins: cropMargins(given),
    workers: given.workers === 'auto' ? availableParallelism() : given.workers,
    gpuWorkers: given.workers === 'auto' ? AUTO_GPU_WORKERS : given.workers,
    maxBodyBytes,
    modelsDir: resolve(given.modelsDir),
    production: nodeEnv === 'production',
  });
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
