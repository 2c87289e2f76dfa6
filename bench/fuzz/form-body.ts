import { type FormField, formPart, type Frame, multipart, type Part } from '../../test/support/bodies.js';
import { mutateBytes } from './mutate-bytes.js';
import type { Random } from './random.js';

const file = (name: string, content: string | Buffer, filename = `${name}.jpg`): Part =>
  formPart({ name, filename, content });

const field = (name: string, content: string): Part => formPart({ name, content });

/** Encodes a request as an invalid form: in its parts, their headers, its framing or its bytes. */
export function mutatedForm(sound: readonly FormField[], random: Random): Buffer {
  let parts = sound.map(formPart);
  do parts = mutateParts(parts, random);
  while (random.chance(0.4));
  const body = multipart(parts, random.chance(0.2) ? random.pick(FRAMES) : {});
  return random.chance(0.2) ? mutateBytes(body, random) : body;
}

const NAMES = [
  'image1',
  'image2',
  'image3',
  'threshold',
  'false_match_rate',
  'image',
  'reference',
  'candidate',
  'reject_on',
  '__proto__',
  'image1[]',
  'image1[0]',
  '',
  'a'.repeat(200),
  'é',
];
const FILE_NAMES = ['', '../../etc/passwd', '/dev/null', 'a\\u0000.jpg', 'x'.repeat(5000), '%00', 'é😀.jpg', '"'];
const TEXTS = ['', ' ', '0.6', '-1', 'NaN', 'Infinity', '1e999', '0x1', '0,6', 'x'.repeat(100), '\0', '😀'];
const HEADER_LINES = [
  'content-transfer-encoding: base64',
  'content-type: multipart/mixed; boundary=inner',
  'content-type:',
  'content-type: application/json; charset=utf-16',
  'content-disposition: attachment',
  "content-disposition: form-data; name*=utf-8''image1",
  'content-disposition: form-data; name=image1; name=image2',
  'no colon',
  ': no name',
  `x: ${'y'.repeat(20_000)}`,
];

function mutateParts(parts: readonly Part[], random: Random): Part[] {
  const at = random.below(parts.length);
  const part = parts[at] ?? field('threshold', '0.6');
  switch (random.below(7)) {
    case 0:
      return parts.toSpliced(at, 1);
    case 1:
      return parts.toSpliced(at, 1, file(random.pick(NAMES), part.content, random.pick(FILE_NAMES)));
    case 2:
      return parts.toSpliced(at, 0, field(random.pick(NAMES), random.pick(TEXTS)));
    case 3:
      return [...parts, part];
    case 4:
      return random.shuffled(parts);
    case 5:
      return parts.toSpliced(at, 1, { ...part, content: mutateBytes(Buffer.from(part.content), random) });
    default:
      return parts.toSpliced(at, 1, { ...part, lines: mutateLines(part.lines, random) });
  }
}

function mutateLines(lines: readonly string[], random: Random): string[] {
  const at = random.below(lines.length + 1);
  return random.chance(0.5) ? lines.toSpliced(at, 0, random.pick(HEADER_LINES)) : lines.toSpliced(at, 1);
}

const FRAMES: readonly Frame[] = [
  { newline: '\n' },
  { boundary: 'other' },
  { boundary: 'boundaryboundary' },
  { before: 'a preamble' },
  { before: '\r\n\r\n' },
  { end: '' },
  { end: '--boundary' },
  { end: '--boundary--an epilogue' },
];
