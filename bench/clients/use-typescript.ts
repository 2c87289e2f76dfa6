/** Uses the client that @hey-api/openapi-ts generates from openapi.json: node use-typescript.js URL KEY PHOTOGRAPHS */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, formDataBodySerializer } from './client/client/index.js';
import { compare, compareWithBlazeFace, getLiveness, getMetrics, getReadiness, getStatus } from './client/index.js';
import type { ComparisonForm, ComparisonRequest } from './client/index.js';

const [url = '', key = '', photographs = ''] = process.argv.slice(2);

const read = (name: string): Buffer => readFileSync(join(photographs, name));

function asJson(image1: string, image2: string) {
  const body: ComparisonRequest = {
    image1_base64: read(image1).toString('base64'),
    image2_base64: read(image2).toString('base64'),
    threshold: 0.5,
    face_selection: 'largest',
  };
  return { body, headers: {} };
}

/** The generator knows only one body type per operation, JSON, but provides the means to send others. */
function asForm(image1: string, image2: string) {
  const [one, two] = [image1, image2].map((name) => new Blob([new Uint8Array(read(name))]));
  const body: ComparisonForm = { image1: one!, image2: two!, threshold: 0.5 };
  return { ...formDataBodySerializer, body: body as never, headers: { 'Content-Type': null } };
}

// Sends the key in both headers; the second client as a bearer token only.
const clients = [
  createClient({ baseUrl: url, auth: key }),
  createClient({ baseUrl: url, auth: ({ scheme }) => (scheme === 'bearer' ? key : undefined) }),
];
for (const client of clients) {
  for (const endpoint of [compare, compareWithBlazeFace]) {
    for (const send of [asJson, asForm]) {
      const same = send('obama.jpg', 'obama2.jpg');
      const headers = { ...same.headers, 'X-Request-Id': 'typescript' };
      const { data, response } = await endpoint({ client, ...same, headers });
      assert.equal(data?.match, true);
      assert.equal(data.comparison_metrics.threshold_used, 0.5);
      assert.equal(response?.headers.get('x-request-id'), 'typescript');

      const { error } = await endpoint({ client, ...send('obama.jpg', 'cat.png') });
      assert.equal(error?.code, 'NO_FACE');
      assert.equal(error.image, 2);
    }
  }
  assert.match((await getMetrics({ client })).data ?? '', /^face_workers_ready/m);
}

const stranger = createClient({ baseUrl: url });
const refusals = [
  await compare({ client: stranger, ...asForm('obama.jpg', 'obama2.jpg') }),
  await getMetrics({ client: stranger }),
];
for (const { error } of refusals) assert.equal(error?.code, 'UNAUTHORIZED');
assert.equal((await getStatus({ client: stranger })).data?.status, 'ok');
assert.equal((await getLiveness({ client: stranger })).data?.status, 'ok');
assert.equal((await getReadiness({ client: stranger })).data?.status, 'ok');
