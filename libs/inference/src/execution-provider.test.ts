import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { OnnxModel } from '#face/native';
import { MODELS } from '../../face/src/test-support.fixture.js';
import { chooseProvider, type ProviderChoice } from './execution-provider.js';

const folder = mkdtempSync(join(tmpdir(), 'probe-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let scripts = 0;

/** A program in place of the probe. */
function script(code: string): URL {
  const path = join(folder, `${scripts++}.mjs`);
  writeFileSync(path, code);
  return pathToFileURL(path);
}

const choose = (choice: Partial<ProviderChoice>) =>
  chooseProvider({ wanted: 'auto', probeModel: MODELS.detectors.mtcnn.pNet, hasNvidiaGpu: () => true, ...choice });

const USABLE = `process.send({ usable: true });`;
const refusal = (reason: string): string => `process.send({ usable: false, reason: ${JSON.stringify(reason)} });`;

/** Failing programs, and the resulting errors. */
const BROKEN = [
  ['crashes', `process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);`, 'ended with SIGSEGV and no answer'],
  ['aborts', `process.abort();`, 'ended with SIGABRT and no answer'],
  ['exits silently', ``, 'ended with exit status 0 and no answer'],
  ['throws', `throw new Error('no driver');`, 'ended with exit status 1 and no answer'],
  ['sends garbage', `process.send('usable'); setInterval(() => {}, 1000);`, 'and no answer'],
  ['only prints its answer', `console.log('{"usable":true}');`, 'ended with exit status 0 and no answer'],
  ['reports failure without a reason', `process.send({ usable: false });`, 'and no answer'],
] as const;

/** Programs that never answer. */
const HANGING = [
  ['computes forever', `for (;;);`],
  ['waits forever', `setInterval(() => {}, 1000);`],
] as const;

describe('chooseProvider', () => {
  it.each(['cpu', 'auto'] as const)('%s: uses the CPU without probing if there is no GPU', async (wanted) => {
    const tried = join(folder, `tried-${wanted}`);
    const probe = script(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(tried)}, ''); ${USABLE}`,
    );
    expect(await choose({ wanted, probe, hasNvidiaGpu: () => false })).toEqual({ provider: 'cpu' });
    expect(() => {
      rmSync(tried);
    }).toThrow('ENOENT');
  });

  it('cpu: uses the CPU even if there is a GPU', async () => {
    expect(await choose({ wanted: 'cpu', probe: script(USABLE) })).toEqual({ provider: 'cpu' });
  });

  it('auto: uses CUDA if there is a working GPU', async () => {
    expect(await choose({ probe: script(USABLE) })).toEqual({ provider: 'cuda' });
  });

  it.each(['cuda', 'webgpu'] as const)('%s: uses it if it works, whatever devices there are', async (wanted) => {
    expect(await choose({ wanted, probe: script(USABLE), hasNvidiaGpu: () => false })).toEqual({ provider: wanted });
  });

  it('passes the provider and the model to the probe', async () => {
    const probe = script(`process.send({ usable: false, reason: process.argv.slice(2).join(' and ') });`);
    await expect(choose({ wanted: 'webgpu', probeModel: 'models/some.onnx', probe })).rejects.toThrow(
      'webgpu and models/some.onnx',
    );
  });

  it('uses a working provider even if its process would crash or hang at exit', async () => {
    const probe = script(`${USABLE} process.on('exit', () => { for (;;); });`);
    expect(await choose({ probe, wanted: 'webgpu' })).toEqual({ provider: 'webgpu' });
  });

  it.each(BROKEN)('webgpu: fails with a one-line reason if the probe %s', async (_, code, reason) => {
    const choosing = choose({ wanted: 'webgpu', probe: script(code) });
    await expect(choosing).rejects.toThrow(/^EXECUTION_PROVIDER=webgpu is not available: [^\n]+ \(docs\/gpu\.md\)$/);
    await expect(choosing).rejects.toThrow(reason);
  });

  it.each(HANGING)('webgpu: fails after a timeout if the probe %s', async (_, code) => {
    const choosing = choose({ wanted: 'webgpu', probe: script(code), timeoutMs: 500 });
    await expect(choosing).rejects.toThrow('trying it out took longer than 500 ms');
  });

  it('auto: uses the CPU and gives a one-line reason if the probe crashes', async () => {
    const { provider, fallbackReason } = await choose({ probe: script(BROKEN[0][1]) });
    expect(provider).toBe('cpu');
    expect(fallbackReason).toMatch(/^the NVIDIA GPU is not used: [^\n]+ \(docs\/gpu\.md\)$/);
  });

  it('fails if the probe cannot be started', async () => {
    const probe = new URL('no-such-probe.mjs', pathToFileURL(`${folder}/`));
    await expect(choose({ wanted: 'webgpu', probe })).rejects.toThrow('ended with exit status 1 and no answer');
  });

  it.each([
    [
      'a missing library',
      `console.error('\\x1b[1;31m[E:onnxruntime] 1 : FAIL : Failed to load library /a/libonnxruntime_providers_cuda.so ' +
         'with error: libcublasLt.so.13: cannot open shared object file: No such file or directory\\n\\x1b[m');
       ${refusal('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library')}`,
      'libcublasLt.so.13: cannot open shared object file: No such file or directory',
    ],
    [
      'a driver that refuses',
      refusal(
        '/src/cuda_call.cc:146 std::conditional_t<THRW, void, Status> CudaCall() [with bool THRW = true] ' +
          'CUDA failure 36: API call is not supported in the installed CUDA driver ; GPU=-1 ; hostname=h ; line=352 ; \n\n',
      ),
      'CUDA failure 36: API call is not supported in the installed CUDA driver',
    ],
    [
      'a missing adapter',
      refusal(
        '/src/webgpu_context.cc:136 Initialize()::<lambda()> status == Success was false. ' +
          'Failed to get a WebGPU adapter: No supported adapters\n',
      ),
      'Failed to get a WebGPU adapter: No supported adapters',
    ],
  ])('reports the runtime’s message about %s, without its source lines', async (_, code, reason) => {
    const choosing = choose({ wanted: 'webgpu', probe: script(code) });
    await expect(choosing).rejects.toThrow(
      new Error(`EXECUTION_PROVIDER=webgpu is not available: ${reason} (docs/gpu.md)`),
    );
  });
});

/** The probe relies on this: a session without CPU fallback fails if there is no other provider. */
it('a session without CPU fallback does not run on the CPU', async () => {
  const signature = { input: 'image', outputs: ['probability'] as const };
  const runtime = { executionProvider: 'cpu', intraOpThreads: 1, cpuFallback: false } as const;
  await expect(OnnxModel.load(MODELS.detectors.mtcnn.pNet, signature, runtime)).rejects.toThrow('fallback to CPU EP');
});

it('a model with a varying input shape runs on the CPU whatever the provider, so it loads on any machine', async () => {
  const signature = { input: 'image', outputs: ['probability'] as const };
  const run = async (executionProvider: 'cpu' | 'cuda') => {
    const model = await OnnxModel.load(
      MODELS.detectors.mtcnn.pNet,
      signature,
      { executionProvider, intraOpThreads: 1 },
      false,
    );
    const input = Float32Array.from({ length: 3 * 24 * 24 }, (_, i) => Math.sin(i));
    return (await model.run(input, [1, 3, 24, 24])).probability.data;
  };
  expect(await run('cuda')).toEqual(await run('cpu'));
});
