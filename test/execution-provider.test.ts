import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { photograph, runToExit, Service } from './support/service.js';

const hasNvidiaGpu = ['/dev/nvidiactl', '/dev/dxg'].some((device) => existsSync(device));

describe.runIf(!hasNvidiaGpu)('on a machine without a GPU', () => {
  it.each(['cuda', 'webgpu'])('EXECUTION_PROVIDER=%s stops startup with one line that says why', async (provider) => {
    const { code, output } = await runToExit({ EXECUTION_PROVIDER: provider });
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`^EXECUTION_PROVIDER=${provider} is not available: [^\\n]+ \\(docs/gpu\\.md\\)\\n$`),
    );
  });

  it.each(['auto', 'cpu'])(
    'EXECUTION_PROVIDER=%s runs on the CPU, reports it and logs no warnings',
    async (provider) => {
      const service = await Service.start({ EXECUTION_PROVIDER: provider, WORKERS: '1' });
      const [status, metrics, comparison] = [
        await service.get('/'),
        await service.get('/metrics'),
        await service.compare('/mediapipe', photograph('obama.jpg'), photograph('obama2.jpg')),
      ];
      await service.stop();
      expect(status.body).toMatchObject({ execution_provider: 'cpu' });
      expect(metrics.body['text']).toMatch(/^face_build_info\{[^}]*execution_provider="cpu"/m);
      expect(comparison.body).toMatchObject({ match: true });
      expect(service.output).not.toContain('GPU');
      expect(service.output).toContain('on cpu');
    },
  );
});

it('rejects an unknown provider', async () => {
  const { code, output } = await runToExit({ EXECUTION_PROVIDER: 'gpu' });
  expect(code).toBe(1);
  expect(output).toMatch(/^Bad settings: EXECUTION_PROVIDER [^\n]+\n$/);
});
