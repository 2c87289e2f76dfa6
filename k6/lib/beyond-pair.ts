import { check } from 'k6';
import { b64encode } from 'k6/encoding';
import http from 'k6/http';
import { BASE_URL, KEY_HEADERS } from './settings.ts';

const read = (name: string): ArrayBuffer => open(import.meta.resolve(`../../test/photographs/${name}`), 'b');

const obama = read('obama.jpg');
const obama2 = read('obama2.jpg');
const biden = read('biden.jpg');

/** The parts of the answers that are checked. */
interface Answer {
  readonly faces?: readonly { readonly embedding?: unknown }[];
  readonly weights?: unknown;
  readonly results?: readonly { readonly index: number; readonly match?: boolean }[];
}

/** One request of each kind: the faces of a photograph, its embedding, and one photograph against several. */
export function beyondThePair(): void {
  const image = { image_base64: b64encode(obama2) };
  const detected = post('detect', image);
  check(detected, { 'detect finds the face': ({ faces = [] }) => faces.length === 1 });
  const { faces = [], weights } = post('embed', image);
  const candidates = [{ image_base64: b64encode(biden) }, { embedding: faces.at(0)?.embedding, weights }];
  const compared = post('compare/many', { reference_base64: b64encode(obama), candidates });
  check(compared, {
    'compare/many sorts the candidates': ({ results = [] }) =>
      results.map(({ index, match }) => `${index} ${match}`).join() === '1 true,0 false',
  });
  const form = { image: http.file(obama, 'obama.jpg') };
  const { status } = http.post(`${BASE_URL}/embed`, form, { headers: KEY_HEADERS, tags: { endpoint: 'embed' } });
  check(status, { 'embed takes a form': (given) => given === 200 });
}

function post(endpoint: string, body: object): Answer {
  const headers = { 'Content-Type': 'application/json', ...KEY_HEADERS };
  const { body: text } = http.post(`${BASE_URL}/${endpoint}`, JSON.stringify(body), {
    headers,
    responseType: 'text',
    tags: { endpoint },
  });
  return JSON.parse(text) as Answer;
}
