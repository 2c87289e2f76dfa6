import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelEntry } from '#inference';
import { listModels, modelTable } from './model-table.js';

let folder: string;

const entry = (file: string, content: string): ModelEntry => ({
  name: file.replace('.onnx', ''),
  role: 'embedder',
  file,
  sha256: createHash('sha256').update(content).digest('hex'),
  weights: 'some weights',
  licence: 'MIT',
  precision: 'fp32',
  origin: {},
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('lists each model with its size and whether its file is that of the manifest', async () => {
  await writeFile(join(folder, 'good.onnx'), 'x'.repeat(1500));
  await writeFile(join(folder, 'other.onnx'), 'x'.repeat(1_250_000));
  const models = await listModels(folder, [
    entry('good.onnx', 'x'.repeat(1500)),
    entry('other.onnx', 'y'),
    entry('none.onnx', 'z'),
  ]);
  expect(models.map(({ file, bytes, state }) => ({ file, bytes, state }))).toEqual([
    { file: 'good.onnx', bytes: 1500, state: 'ok' },
    { file: 'other.onnx', bytes: 1_250_000, state: 'differs' },
    { file: 'none.onnx', bytes: undefined, state: 'missing' },
  ]);
  expect(modelTable(models)).toEqual([
    'NAME   ROLE      WEIGHTS       PRECISION  SIZE    LICENCE  SHA-256',
    'good   embedder  some weights  fp32       2 kB    MIT      ok',
    'other  embedder  some weights  fp32       1.3 MB  MIT      differs',
    'none   embedder  some weights  fp32       -       MIT      missing',
  ]);
});
