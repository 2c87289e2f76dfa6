import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../errors/problem.dto.js';
import type { RouteTable } from '../http/routes.js';
import { VERSION } from '../version.js';
import { describeOperations } from './operations.js';
import { describeBodies } from './photograph-bodies.js';

const DESCRIPTION = `Compares the faces in photographs, finds them and embeds them.

Each photograph is decoded and rotated upright. Its largest face, or another that the request selects, is detected,
confirmed and embedded by InceptionResnetV1 (512 values). The similarity is the cosine of the two embeddings; the faces
match if it reaches the threshold. Errors are [problem documents](https://www.rfc-editor.org/rfc/rfc9457) with a stable
\`code\` and the photograph that caused them.

Nothing of a photograph or an embedding is kept.`;

const KEY_DESCRIPTION = 'One of the service’s API keys. A service without any (API_KEYS is empty) asks for none.';

/**
 * Generates the OpenAPI document and serves it at /openapi.json, and Swagger UI at /docs.
 *
 * @param routes source of the bodies of comparisons; receives the document's own path
 * @param hasKeys whether clients must send an API key
 */
export function serveOpenApi(app: INestApplication, routes: RouteTable, hasKeys: boolean): void {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Face comparison')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addTag('Comparison', 'Photographs in, verdicts out.')
    .addTag('Faces', 'One photograph in, its faces out.')
    .addTag('Health', 'What is running, and how it is.')
    .addServer('/', 'The service that this document comes from.')
    .addSecurity('key', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: KEY_DESCRIPTION })
    .addSecurity('bearer', { type: 'http', scheme: 'bearer', description: KEY_DESCRIPTION });
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_controller, method) => method,
    extraModels: [ProblemDto, ...routes.withPhotographs.flatMap(([, { foreign }]) => foreign?.error ?? [])],
  });
  for (const path of routes.disabled) Reflect.deleteProperty(document.paths, path);
  describeBodies(document, routes.withPhotographs);
  describeOperations(document, { withPhotographs: new Map(routes.withPhotographs), hasKeys });
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Face comparison API',
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true },
  });
  for (const path of ['/openapi.json', '/docs']) routes.add(path, 'GET');
}
