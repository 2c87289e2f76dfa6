import { expect, it } from 'vitest';
import { FaceError } from '../errors.js';
import { decodeFailure, isFinal } from './decode-failure.js';

it('distinguishes a decoder timeout from a damaged file', () => {
  const slow = new Error('source: bad seek to 748884\ntimeout: 18% complete\nVipsImage: killed for image "temp-73"');
  expect(isFinal(slow)).toBe(true);
  expect(decodeFailure(slow, 'png')).toEqual(new FaceError('TOO_MANY_PIXELS', 'takes more than 10 s to decode'));
});

it.each([
  ['VipsJpeg: Corrupt JPEG data: premature end of data segment', true],
  ['VipsJpeg: Invalid SOS parameters for sequential JPEG', false],
])('reports a damaged file: %s', (message, final) => {
  expect(isFinal(new Error(message))).toBe(final);
  const refused = decodeFailure(new Error(message), 'jpeg');
  expect(refused).toEqual(new FaceError('UNREADABLE_IMAGE', 'is truncated or damaged (JPEG)'));
});
