import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { CONFIRMING_MODEL, CROP_RULES, type CropRule, DETECTORS, MAX_THRESHOLD, MIN_THRESHOLD } from '#face';

const STORED_PRECISIONS = ['fp32', 'fp16-stored', 'int8'] as const;

const EMBEDDER = 'embedder';

/** What a model is for. */
const ROLES: readonly string[] = [
  ...Object.values(DETECTORS).flatMap(({ models }) => Object.values(models)),
  CONFIRMING_MODEL,
  EMBEDDER,
];

/** One entry of manifest.json; models/README.md explains the fields. */
export interface ModelEntry {
  readonly name: string;
  /** `embedder`, or a role from a detector's definition. */
  readonly role: string;
  readonly file: string;
  readonly sha256: string;
  readonly weights: string;
  readonly licence: string;
  readonly precision: (typeof STORED_PRECISIONS)[number];
  readonly origin: Readonly<Record<string, string>>;
}

/** The entry of an embedder. */
export interface EmbedderEntry extends ModelEntry {
  /** Identifies the training; embedders are selected by it. */
  readonly weights_id: string;
  /** How faces are cropped for these weights, unless a setting overrides it. */
  readonly crop_rule: CropRule;
  /** The match threshold of their embeddings, unless a setting or a request overrides it. */
  readonly threshold: number;
  /** How 8-bit values become input: (value − mean) / divisor. */
  readonly normalisation: { readonly mean: number; readonly divisor: number };
  /** One input, [N, 3, side, side]. */
  readonly inputs: readonly [{ readonly shape: readonly [unknown, 3, number, number] }];
  /** One output, [N, length]. */
  readonly outputs: readonly [{ readonly shape: readonly [unknown, number] }];
}

export const isEmbedder = (entry: ModelEntry): entry is EmbedderEntry => entry.role === EMBEDDER;

/** Bundled models, and those a user has converted (not in git). */
const MANIFESTS = ['manifest.json', 'manifest.local.json'];

/**
 * Reads a folder's manifests.
 *
 * @throws Error with one line that names the file, the entry and the field
 */
export const readManifests = (folder: string): ModelEntry[] =>
  MANIFESTS.flatMap((name) => readManifest(join(folder, name), name === MANIFESTS[0]));

function readManifest(path: string, required: boolean): ModelEntry[] {
  if (!required && !existsSync(path)) return [];
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: cannot be read as a model manifest`, { cause: error });
  }
  const models = isObject(manifest) ? manifest['models'] : undefined;
  const problem = Array.isArray(models)
    ? models.map(problemOf).find((found) => found !== undefined)
    : 'models must be a list';
  if (problem !== undefined) throw new Error(`${path}: cannot be read as a model manifest: ${problem}`);
  return models as ModelEntry[];
}

/** Describes an invalid entry of a manifest, with its index and field; undefined if valid. */
function problemOf(entry: unknown, at: number): string | undefined {
  if (!isObject(entry)) return `models[${at}] must be an object`;
  const rules = { ...FIELDS, ...(entry['role'] === EMBEDDER && EMBEDDER_FIELDS) };
  const wrong = Object.entries(rules).find(([field, { holds }]) => !holds(entry[field]));
  return wrong && `models[${at}].${wrong[0]} must be ${wrong[1].what}`;
}

/** The rule for a field of an entry, in words and as a check. */
interface FieldRule {
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
}

const TEXT: FieldRule = { what: 'text', holds: isText };

const oneOf = (words: readonly string[]): FieldRule => ({
  what: `one of ${words.join(', ')}`,
  holds: (value) => isText(value) && words.includes(value),
});

const FIELDS: Readonly<Record<keyof ModelEntry, FieldRule>> = {
  name: TEXT,
  role: oneOf(ROLES),
  file: { what: 'the name of a file in the folder', holds: (value) => isText(value) && staysInside(value) },
  sha256: {
    what: '64 hexadecimal digits in lower case',
    holds: (value) => isText(value) && /^[\da-f]{64}$/.test(value),
  },
  weights: TEXT,
  licence: TEXT,
  precision: oneOf(STORED_PRECISIONS),
  origin: { what: 'an object of texts', holds: (value) => isObject(value) && Object.values(value).every(isText) },
};

const EMBEDDER_FIELDS: Readonly<Record<Exclude<keyof EmbedderEntry, keyof ModelEntry>, FieldRule>> = {
  weights_id: { what: 'text, which an embedder is chosen by', holds: isText },
  crop_rule: oneOf(CROP_RULES),
  threshold: {
    what: `a number from ${MIN_THRESHOLD} to ${MAX_THRESHOLD}`,
    holds: (value) => isWithin(value, MIN_THRESHOLD, MAX_THRESHOLD),
  },
  normalisation: {
    what: 'an object with mean, a number from -255 to 255, and divisor, one from 0.01 to 255',
    holds: (value) => isObject(value) && isWithin(value['mean'], -255, 255) && isWithin(value['divisor'], 0.01, 255),
  },
  inputs: {
    what: 'a list of one input with the shape [N, 3, side, side]',
    holds: (value) => {
      const [, channels, height, width] = shapeOfOnly(value, 4);
      return channels === 3 && isSize(height) && width === height;
    },
  },
  outputs: {
    what: 'a list of one output with the shape [N, length]',
    holds: (value) => isSize(shapeOfOnly(value, 2)[1]),
  },
};

/** The shape of the only tensor in a list, if it has this many dimensions; otherwise empty. */
function shapeOfOnly(tensors: unknown, dimensions: number): readonly unknown[] {
  const [only, ...others] = Array.isArray(tensors) ? (tensors as readonly unknown[]) : [];
  const shape = isObject(only) && others.length === 0 ? only['shape'] : undefined;
  return Array.isArray(shape) && shape.length === dimensions ? shape : [];
}

const isSize = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;

const isWithin = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && value >= min && value <= max;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A manifest may only name files in its own folder, because it may come from an untrusted source. */
function staysInside(file: string): boolean {
  const path = normalize(file);
  return !isAbsolute(path) && path.split(sep)[0] !== '..';
}
