import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../apps/api/src/package-root.js';
import { Service } from '../test/support/service.js';

/*
 * `npm run openapi`: writes the OpenAPI document of a service with default settings to openapi.json, so that API
 * changes show in review and clients can be generated from the repository. Prettier then formats it.
 */

const service = await Service.start();
const { body } = await service.get('/openapi.json');
await service.stop();
writeFileSync(join(PACKAGE_ROOT, 'openapi.json'), JSON.stringify(body, undefined, 2));
