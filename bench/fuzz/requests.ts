import { type FormField } from '../../test/support/bodies.js';

/** A member of a JSON object as written, so that it can be something no object can hold. */
export type Member = readonly [key: string, value: string];

/** The fields of a valid request with two photographs, or the first of them. */
interface Fields {
  readonly members: readonly Member[];
  readonly parts: readonly FormField[];
}

const quoted = (text: string): string => `"${text}"`;

const inBase64 = (image: Buffer): string => quoted(image.toString('base64'));

const file = (name: string, content: Buffer): FormField => ({ name, filename: `${name}.jpg`, content });

const THRESHOLD = { member: ['threshold', '0.6'] as Member, part: { name: 'threshold', content: '0.6' } };

/** An embedding of other weights than any service has. */
const EMBEDDING = '{"embedding":"AAAA","weights":{"sha256":"0"}}';

/** The endpoints that take photographs, with the fields of a valid request to each. */
export const REQUESTS: Readonly<Record<string, (images: readonly [Buffer, Buffer]) => Fields>> = {
  '/mediapipe': pair,
  '/compare': pair,
  '/compare/many': ([reference, candidate]) => ({
    members: [
      ['reference_base64', inBase64(reference)],
      ['candidates', `[{"image_base64":${inBase64(candidate)}},${EMBEDDING}]`],
      THRESHOLD.member,
    ],
    parts: [file('reference', reference), file('candidate', candidate), file('candidate', reference), THRESHOLD.part],
  }),
  '/detect': single,
  '/embed': single,
};

function pair([image1, image2]: readonly [Buffer, Buffer]): Fields {
  return {
    members: [['image1_base64', inBase64(image1)], ['image2_base64', inBase64(image2)], THRESHOLD.member],
    parts: [file('image1', image1), file('image2', image2), THRESHOLD.part],
  };
}

function single([image]: readonly [Buffer, Buffer]): Fields {
  return {
    members: [
      ['image_base64', inBase64(image)],
      ['max_faces', '3'],
    ],
    parts: [file('image', image), { name: 'max_faces', content: '3' }],
  };
}

/** Writes a JSON object. */
export const writeJson = (members: readonly Member[]): string =>
  `{${members.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
