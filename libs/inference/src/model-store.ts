import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  CONFIRMING_MODEL,
  type DetectorName,
  type DetectorPaths,
  DETECTORS,
  type FaceAnalyserOptions,
  withHelpers,
} from '#face';
import { type EmbedderEntry, isEmbedder, type ModelEntry, readManifests } from './manifest.js';

/** The numeric type of the embedder's computation. */
export type EmbedderPrecision = 'int8' | 'fp32';

export interface ModelSelection {
  /** The detectors that callers can choose. */
  readonly detectors: readonly DetectorName[];
  /** The `weights_id` of the embedder. */
  readonly weights: string;
  /** The embedder's acceptable precisions, best first. */
  readonly precisions: readonly EmbedderPrecision[];
}

/** The models in use, with verified files. */
export interface ModelSet {
  /** The models for {@link FaceAnalyserOptions}. */
  readonly models: FaceAnalyserOptions['models'];
  readonly entries: readonly ModelEntry[];
  readonly embedder: EmbedderEntry;
  /** The embedder's precision. */
  readonly precision: EmbedderPrecision;
}

/**
 * Selects the models to use from a folder's manifests and verifies the checksum of each file.
 *
 * @throws Error with one line that names the file and what is wrong with it
 */
export async function openModels(folder: string, selection: ModelSelection): Promise<ModelSet> {
  const manifest = readManifests(folder);
  const used: ModelEntry[] = [];
  const use = (entry: ModelEntry): string => {
    used.push(entry);
    return join(folder, entry.file);
  };
  const only = (role: string): ModelEntry => {
    const entry = manifest.find((model) => model.role === role);
    if (entry === undefined) throw new Error(`${folder}: the manifest lists no ${role} model`);
    return entry;
  };
  const pathsOf = (roles: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, use(only(role))]));
  const detectors: DetectorPaths = Object.fromEntries(
    withHelpers(selection.detectors).map((name) => [name, pathsOf(DETECTORS[name].models)]),
  );
  const oNet = use(only(CONFIRMING_MODEL));
  const embedder = pickEmbedder(manifest, selection, folder);
  const { normalisation, inputs, outputs } = embedder;
  const embedderModel = {
    path: use(embedder),
    input: { side: inputs[0].shape[2], normalisation },
    length: outputs[0].shape[1],
  };
  await Promise.all(used.map((entry) => verify(folder, entry)));
  return {
    models: { oNet, detectors, embedder: embedderModel },
    entries: used,
    embedder,
    precision: precisionOf(embedder),
  };
}

function pickEmbedder(
  manifest: readonly ModelEntry[],
  { weights, precisions }: ModelSelection,
  folder: string,
): EmbedderEntry {
  const embedders = manifest.filter(isEmbedder);
  for (const precision of precisions) {
    const entry = embedders.find((model) => model.weights_id === weights && precisionOf(model) === precision);
    if (entry !== undefined) return entry;
  }
  const known = embedders.map((model) => `${model.weights_id}/${precisionOf(model)}`);
  throw new Error(
    `${folder}: no embedder with ${weights} weights in ${precisions.join(' or ')}; available: ${known.join(', ')} (models/README.md)`,
  );
}

/** Weights stored in half precision are used in float32. */
const precisionOf = ({ precision }: ModelEntry): EmbedderPrecision => (precision === 'int8' ? 'int8' : 'fp32');

async function verify(folder: string, entry: ModelEntry): Promise<void> {
  const path = join(folder, entry.file);
  switch (await modelFileState(folder, entry)) {
    case 'missing':
      throw new Error(`${path}: the model file is missing or cannot be read`);
    case 'differs':
      throw new Error(`${path}: the file does not match the manifest (its SHA-256 differs)`);
  }
}

/** Whether a model's file is the one that the manifest describes, which its SHA-256 says; or missing or unreadable. */
export type ModelFileState = 'ok' | 'missing' | 'differs';

/** Reads the whole file of a model and compares its SHA-256 with the manifest's. */
export async function modelFileState(folder: string, { file, sha256 }: ModelEntry): Promise<ModelFileState> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(folder, file)), hash);
  } catch {
    return 'missing';
  }
  return hash.digest('hex') === sha256 ? 'ok' : 'differs';
}
