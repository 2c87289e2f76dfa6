import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbedderEntry, ModelEntry } from './manifest.js';
import { openModels } from './model-store.js';

const ALL = ['mtcnn', 'blazeface'] as const;
const CASIA = { detectors: ALL, weights: 'casia-webface', precisions: ['fp32'] } as const;

const contentOf = (file: string): string => `the weights in ${file}`;

function entry(file: string, role: ModelEntry['role'], more: Partial<ModelEntry> = {}): ModelEntry {
  return {
    name: file.replace('.onnx', ''),
    role,
    file,
    sha256: createHash('sha256').update(contentOf(file)).digest('hex'),
    weights: 'some weights',
    licence: 'MIT',
    precision: 'fp32',
    origin: {},
    ...more,
  };
}

const DETECTORS = [
  entry('pnet.onnx', 'pnet'),
  entry('rnet.onnx', 'rnet'),
  entry('onet.onnx', 'onet'),
  entry('full.onnx', 'blazeface-full-range'),
  entry('short.onnx', 'blazeface-short-range'),
];

function embedderEntry(file: string, weights_id: string, more: Partial<EmbedderEntry> = {}): EmbedderEntry {
  return {
    ...entry(file, 'embedder'),
    weights_id,
    crop_rule: 'square',
    threshold: 0.6,
    normalisation: { mean: 127.5, divisor: 128 },
    inputs: [{ shape: ['N', 3, 160, 160] }],
    outputs: [{ shape: ['N', 512] }],
    ...more,
  };
}

const EMBEDDERS = [
  embedderEntry('casia.onnx', 'casia-webface', { precision: 'fp16-stored' }),
  embedderEntry('casia.int8.onnx', 'casia-webface', { precision: 'int8' }),
];
const VGGFACE2 = embedderEntry('vggface2.onnx', 'vggface2');

let folder: string;

const write = (file: string, content: string): Promise<void> => writeFile(join(folder, file), content);
const writeManifest = (models: readonly ModelEntry[], name = 'manifest.json'): Promise<void> =>
  write(name, JSON.stringify({ models }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
  for (const { file } of [...DETECTORS, ...EMBEDDERS]) await write(file, contentOf(file));
  await writeManifest([...DETECTORS, ...EMBEDDERS]);
});

afterEach(() => rm(folder, { recursive: true }));

describe('openModels', () => {
  it('returns the path of every model by its role', async () => {
    const { models, entries, embedder } = await openModels(folder, CASIA);
    expect(models).toEqual({
      oNet: join(folder, 'onet.onnx'),
      detectors: {
        mtcnn: { pNet: join(folder, 'pnet.onnx'), rNet: join(folder, 'rnet.onnx') },
        blazeface: { fullRange: join(folder, 'full.onnx'), shortRange: join(folder, 'short.onnx') },
      },
      embedder: {
        path: join(folder, 'casia.onnx'),
        input: { side: 160, normalisation: { mean: 127.5, divisor: 128 } },
        length: 512,
      },
    });
    expect(new Set(entries)).toEqual(new Set([...DETECTORS, EMBEDDERS[0]]));
    expect(embedder).toEqual(EMBEDDERS[0]);
  });

  it('opens only the models of the detectors in use', async () => {
    await rm(join(folder, 'pnet.onnx'));
    const { models, entries } = await openModels(folder, { ...CASIA, detectors: ['blazeface'] });
    expect(Object.keys(models.detectors)).toEqual(['blazeface']);
    expect(new Set(entries)).toEqual(new Set([...DETECTORS.slice(2), EMBEDDERS[0]]));
  });

  it('returns the embedder’s input size, normalisation and embedding length', async () => {
    const aligned = embedderEntry('aligned.onnx', 'aligned', {
      normalisation: { mean: 127.5, divisor: 127.5 },
      inputs: [{ shape: ['N', 3, 112, 112] }],
      outputs: [{ shape: ['N', 256] }],
    });
    await write(aligned.file, contentOf(aligned.file));
    await writeManifest([aligned], 'manifest.local.json');
    const { models } = await openModels(folder, { ...CASIA, weights: 'aligned' });
    expect(models.embedder).toEqual({
      path: join(folder, 'aligned.onnx'),
      input: { side: 112, normalisation: { mean: 127.5, divisor: 127.5 } },
      length: 256,
    });
  });

  it('picks the embedder by its precision', async () => {
    const { embedder } = await openModels(folder, { ...CASIA, precisions: ['int8'] });
    expect(embedder.file).toBe('casia.int8.onnx');
  });

  it('falls back to the next precision if the best has no model', async () => {
    await write(VGGFACE2.file, contentOf(VGGFACE2.file));
    await writeManifest([VGGFACE2], 'manifest.local.json');
    const { embedder } = await openModels(folder, { ...CASIA, weights: 'vggface2', precisions: ['int8', 'fp32'] });
    expect(embedder).toEqual(VGGFACE2);
  });

  it('adds the models of the local manifest', async () => {
    await write(VGGFACE2.file, contentOf(VGGFACE2.file));
    await writeManifest([VGGFACE2], 'manifest.local.json');
    const { models, embedder } = await openModels(folder, { ...CASIA, weights: 'vggface2', precisions: ['fp32'] });
    expect(embedder).toEqual(VGGFACE2);
    expect(models.embedder.path).toBe(join(folder, 'vggface2.onnx'));
    expect((await openModels(folder, CASIA)).embedder.file).toBe('casia.onnx');
  });

  it('does not touch the files of unused models', async () => {
    await write('casia.int8.onnx', 'damaged');
    expect((await openModels(folder, CASIA)).embedder.file).toBe('casia.onnx');
  });

  it('accepts files in subfolders', async () => {
    await mkdir(join(folder, 'mine'));
    const mine = embedderEntry('mine/..mine.onnx', 'mine');
    await write(mine.file, contentOf(mine.file));
    await writeManifest([mine], 'manifest.local.json');
    const { models } = await openModels(folder, { ...CASIA, weights: 'mine' });
    expect(models.embedder.path).toBe(join(folder, 'mine', '..mine.onnx'));
  });

  it('finds the bundled models intact', async () => {
    const bundled = fileURLToPath(new URL('../../../models', import.meta.url));
    for (const precision of ['fp32', 'int8'] as const) {
      const { entries } = await openModels(bundled, { ...CASIA, precisions: [precision] });
      expect(entries).toHaveLength(6);
    }
  });
});

describe('openModels reports in one line:', () => {
  const message = (selection: Parameters<typeof openModels>[1] = CASIA): Promise<string> =>
    openModels(folder, selection).then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    );

  it('no manifest', async () => {
    await rm(join(folder, 'manifest.json'));
    expect(await message()).toBe(`${join(folder, 'manifest.json')}: cannot be read as a model manifest`);
  });

  it('a manifest that is not JSON', async () => {
    await write('manifest.json', '{"models": [');
    expect(await message()).toBe(`${join(folder, 'manifest.json')}: cannot be read as a model manifest`);
  });

  it('a local manifest that is not JSON', async () => {
    await write('manifest.local.json', 'models');
    expect(await message()).toBe(`${join(folder, 'manifest.local.json')}: cannot be read as a model manifest`);
  });

  it.each(['{}', 'null', '[]', '"models"', '{"models": {}}', '{"models": null}'])(
    'a manifest without a list of models: %s',
    async (manifest) => {
      await write('manifest.json', manifest);
      expect(await message()).toBe(
        `${join(folder, 'manifest.json')}: cannot be read as a model manifest: models must be a list`,
      );
    },
  );

  it.each([null, [], 'pnet.onnx', 7])('an entry that is not an object: %j', async (wrong) => {
    await write('manifest.json', JSON.stringify({ models: [...DETECTORS, wrong, ...EMBEDDERS] }));
    expect(await message()).toBe(
      `${join(folder, 'manifest.json')}: cannot be read as a model manifest: models[5] must be an object`,
    );
  });

  it.each([
    ['name', [undefined, null, '', 1]],
    ['role', [undefined, 'embeder', 'toString', ['embedder'], 1]],
    ['file', [undefined, '', 3, {}, '../casia.onnx', 'sub/../../casia.onnx', '/casia.onnx', '..']],
    ['sha256', [undefined, 'abc', 'A'.repeat(64), `${'a'.repeat(64)}\n`, 0]],
    ['weights', [undefined, {}]],
    ['weights_id', [undefined, null, 5, '']],
    ['licence', [undefined, false]],
    ['precision', [undefined, 'fp64', 32]],
    ['origin', [undefined, null, 'npm', [], { version: 1 }]],
    ['crop_rule', [undefined, 'round', null]],
    ['threshold', [undefined, '0.6', 1.01, -2, null]],
    [
      'normalisation',
      [
        undefined,
        '(value - 127.5) / 128, RGB',
        {},
        { mean: 0, divisor: 0 },
        { mean: 1e308, divisor: 1 },
        { mean: 0, divisor: 1e-45 },
        { mean: null, divisor: 1 },
      ],
    ],
    ['inputs', [undefined, [], [{ shape: [1, 3, 160] }], [{ shape: ['N', 3, 160, 112] }], [{ shape: ['N', 1, 9, 9] }]]],
    [
      'outputs',
      [undefined, [], [{}], [{ shape: ['N'] }], [{ shape: ['N', 0] }], [{ shape: ['N', 2] }, { shape: ['N', 2] }]],
    ],
  ])('an entry whose %s is missing or wrong', async (field, values) => {
    for (const value of values) {
      const local = { models: [VGGFACE2, { ...VGGFACE2, [field]: value }] };
      await write('manifest.local.json', JSON.stringify(local));
      const said = await message();
      expect(said).toContain('manifest.local.json: cannot be read as a model manifest: ');
      expect(said).toMatch(new RegExp(`: models\\[1\\]\\.${field} must be [^\\n]+$`));
    }
  });

  it('a model missing from the manifest', async () => {
    await writeManifest([...DETECTORS.slice(1), ...EMBEDDERS]);
    expect(await message()).toBe(`${folder}: the manifest lists no pnet model`);
  });

  it.each([...DETECTORS, EMBEDDERS[0]].map(({ file }) => file))('%s missing', async (file) => {
    await rm(join(folder, file));
    expect(await message()).toBe(`${join(folder, file)}: the model file is missing or cannot be read`);
  });

  it.each([...DETECTORS, EMBEDDERS[0]].map(({ file }) => file))('%s changed', async (file) => {
    await write(file, `${contentOf(file)}!`);
    expect(await message()).toBe(`${join(folder, file)}: the file does not match the manifest (its SHA-256 differs)`);
  });

  it('weights that have not been converted, and the available ones', async () => {
    const text = await message({ ...CASIA, weights: 'vggface2', precisions: ['fp32'] });
    expect(text).toContain('no embedder with vggface2 weights in fp32');
    expect(text).toContain('casia-webface/fp32, casia-webface/int8');
    expect(text).not.toContain('\n');
  });

  it('weights without the requested precision', async () => {
    await write(VGGFACE2.file, contentOf(VGGFACE2.file));
    await writeManifest([VGGFACE2], 'manifest.local.json');
    const text = await message({ ...CASIA, weights: 'vggface2', precisions: ['int8'] });
    expect(text).toContain('no embedder with vggface2 weights in int8');
    expect(text).toContain('vggface2/fp32');
  });
});
