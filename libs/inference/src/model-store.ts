import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FaceAnalyserOptions } from '#face';

/** One entry of manifest.json; models/README.md explains the fields. */
export interface ModelEntry {
  readonly name: string;
  readonly role: ModelRole;
  readonly file: string;
  readonly sha256: string;
  readonly weights: string;
  readonly weights_id?: string;
  readonly licence: string;
  readonly precision: (typeof STORED_PRECISIONS)[number];
  readonly origin: Readonly<Record<string, string>>;
}

const STORED_PRECISIONS = ['fp32', 'fp16-stored', 'int8'] as const;

const ROLES = ['pnet', 'rnet', 'onet', 'blazeface-full-range', 'blazeface-short-range', 'embedder'] as const;

export type ModelRole = (typeof ROLES)[number];

/** What the embedder computes in. */
export type EmbedderPrecision = 'int8' | 'fp32';

export interface ModelSelection {
  /** The `weights_id` of the embedder: whose training. */
  readonly weights: string;
  /** What the embedder may compute in, best first. */
  readonly precisions: readonly EmbedderPrecision[];
}

/** The models in use, their files checked. */
export interface ModelSet {
  readonly paths: FaceAnalyserOptions['models'];
  readonly entries: readonly ModelEntry[];
  readonly embedder: ModelEntry;
  /** What the embedder computes in. */
  readonly precision: EmbedderPrecision;
}

/** Bundled models, and those a user has converted (not in git). */
const MANIFESTS = ['manifest.json', 'manifest.local.json'];

/**
 * Picks the models to use from a folder's manifests and compares each file with its checksum.
 *
 * @throws Error with one line that names the file and what is wrong with it
 */
export async function openModels(folder: string, selection: ModelSelection): Promise<ModelSet> {
  const manifest = MANIFESTS.flatMap((name) => readManifest(join(folder, name), name === MANIFESTS[0]));
  const only = (role: ModelRole): ModelEntry => {
    const entry = manifest.find((model) => model.role === role);
    if (entry === undefined) throw new Error(`${folder}: the manifest lists no ${role} model`);
    return entry;
  };
  const embedder = pickEmbedder(manifest, selection, folder);
  const pNet = only('pnet');
  const rNet = only('rnet');
  const oNet = only('onet');
  const fullRange = only('blazeface-full-range');
  const shortRange = only('blazeface-short-range');
  const entries = [pNet, rNet, oNet, fullRange, shortRange, embedder];
  await Promise.all(entries.map((entry) => verify(folder, entry)));
  const path = ({ file }: ModelEntry): string => join(folder, file);
  return {
    paths: {
      mtcnn: { pNet: path(pNet), rNet: path(rNet), oNet: path(oNet) },
      blazeface: { fullRange: path(fullRange), shortRange: path(shortRange) },
      embedder: path(embedder),
    },
    entries,
    embedder,
    precision: precisionOf(embedder),
  };
}

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

/** What is wrong with an entry of a manifest, with its place in the list and the field; undefined where nothing is. */
function problemOf(entry: unknown, at: number): string | undefined {
  if (!isObject(entry)) return `models[${at}] must be an object`;
  const wrong = Object.entries(FIELDS).find(([field, { holds }]) => !holds(entry[field], entry));
  return wrong && `models[${at}].${wrong[0]} must be ${wrong[1].what}`;
}

/** What a field of an entry must hold, in words and as a check. */
interface FieldRule {
  readonly what: string;
  readonly holds: (value: unknown, entry: Readonly<Record<string, unknown>>) => boolean;
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
  weights_id: {
    what: 'text, which an embedder is chosen by',
    holds: (value, { role }) => isText(value) || (value === undefined && role !== 'embedder'),
  },
  licence: TEXT,
  precision: oneOf(STORED_PRECISIONS),
  origin: { what: 'an object of texts', holds: (value) => isObject(value) && Object.values(value).every(isText) },
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A manifest names files of its own folder only: it may come from somewhere else than the service does. */
function staysInside(file: string): boolean {
  const path = normalize(file);
  return !isAbsolute(path) && path.split(sep)[0] !== '..';
}

function pickEmbedder(
  manifest: readonly ModelEntry[],
  { weights, precisions }: ModelSelection,
  folder: string,
): ModelEntry {
  const embedders = manifest.filter((model) => model.role === 'embedder');
  for (const precision of precisions) {
    const entry = embedders.find((model) => model.weights_id === weights && precisionOf(model) === precision);
    if (entry !== undefined) return entry;
  }
  const known = embedders.map((model) => `${model.weights_id}/${precisionOf(model)}`);
  throw new Error(
    `${folder}: no embedder with ${weights} weights in ${precisions.join(' or ')}; there is ${known.join(', ')} (models/README.md)`,
  );
}

/** Weights stored in half precision are computed with in float32. */
const precisionOf = ({ precision }: ModelEntry): EmbedderPrecision => (precision === 'int8' ? 'int8' : 'fp32');

async function verify(folder: string, { file, sha256 }: ModelEntry): Promise<void> {
  const path = join(folder, file);
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new Error(`${path}: the model file is missing or cannot be read`, { cause: error });
  }
  if (hash.digest('hex') !== sha256) {
    throw new Error(`${path}: the file is not the one the manifest describes (its sha256 differs)`);
  }
}
