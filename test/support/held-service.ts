import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../apps/api/src/package-root.js';
import { jsonBody } from './bodies.js';
import { photograph, Service } from './service.js';

/** Environment that prepares a service for {@link hold}. */
export const HOLD = { NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'test/support/hold.mjs')}` };

/** Holds a service's workers in the middle of their work, or releases them. */
export function hold(service: Service): void {
  service.process.kill('SIGUSR2');
}

/**
 * Starts a service without a free slot for another comparison until it is released.
 *
 * @param headers that a comparison needs to be admitted
 */
export async function fullService(
  env: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Service> {
  const service = await Service.start({ ...HOLD, WORKERS: '1', MAX_QUEUE: '1', REQUEST_TIMEOUT_MS: '120000', ...env });
  hold(service);
  const image = photograph('obama.jpg');
  const held = service.post('/compare', jsonBody(image, image), headers);
  held.catch(() => undefined);
  while ((await service.post('/compare', '{}', headers)).status !== 503);
  return service;
}
