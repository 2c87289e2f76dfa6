import { mutateBytes } from './mutate-bytes.js';
import type { Random } from './random.js';
import { type Member, writeJson } from './requests.js';

const KEYS = [
  'image1_base64',
  'image2_base64',
  'threshold',
  'false_match_rate',
  'image_base64',
  'reference_base64',
  'candidates',
  'embedding',
  'reject_on',
  'faces',
  'Image1_base64',
  'image3_base64',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '0',
  '',
  ' image1_base64',
  'image1_base64\\u0000',
  '\\ud800',
];

const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '0.6',
  '1e999',
  '-0',
  '1e-400',
  '9007199254740993',
  '""',
  '"0.6"',
  '"data:image/jpeg;base64,"',
  '"data:;base64,AAAA"',
  '"\\ud83d"',
  '"\\u0000"',
  '[]',
  '[{}]',
  '[{"image_base64":"AAAA"}]',
  '[{"embedding":[1e999],"weights":{"sha256":"0"}}]',
  '["BLURRED"]',
  '"all"',
  '{}',
  '[[[[[[[[]]]]]]]]',
  '{"__proto__":{"threshold":-1}}',
  '{"type":"Buffer","data":[255,216,255]}',
  // None of these is JSON.
  'NaN',
  'undefined',
  "'text'",
  '0x10',
  '01',
  '',
];

/** Encodes a request as invalid JSON: in its members, its base64 or its bytes. */
export function mutatedJson(sound: readonly Member[], random: Random): Buffer {
  let members = [...sound];
  do members = mutateMembers(members, random);
  while (random.chance(0.4));
  const text = writeJson(members);
  return random.chance(0.3) ? mutateText(text, random) : Buffer.from(text);
}

function mutateMembers(members: readonly Member[], random: Random): Member[] {
  const at = random.below(members.length);
  const [key, value] = members[at] ?? ['threshold', '0.6'];
  switch (random.below(7)) {
    case 0:
      return members.toSpliced(at, 1);
    case 1:
      return members.toSpliced(at, 1, [random.pick(KEYS), value]);
    case 2:
      return members.toSpliced(at, 1, [key, random.pick(VALUES)]);
    case 3:
      return members.toSpliced(at, 0, [random.pick(KEYS), random.pick(VALUES)]);
    case 4:
      return [...members, [key, value]];
    case 5:
      return random.shuffled(members);
    default:
      return members.toSpliced(at, 1, [key, mutateBase64(value, random)]);
  }
}

const FOREIGN_TO_BASE64 = ['=', '==', '-', '_', ' ', '\\n', '\\r\\n', '%', '\\u0000', 'é', '😀', '\\ud800', ','];

/** Changes a quoted text where base64 is sensitive: alphabet, padding and length. */
function mutateBase64(value: string, random: Random): string {
  const at = random.between(1, Math.max(1, value.length - 1));
  switch (random.below(5)) {
    case 0:
      return value.slice(0, at) + random.pick(FOREIGN_TO_BASE64) + value.slice(at);
    case 1:
      return value.replaceAll('+', '-').replaceAll('/', '_');
    case 2:
      return value.replace(/=*"$/, `${'='.repeat(random.below(4))}"`);
    case 3:
      return value.replace(
        '"',
        `"${random.pick(['data:image/png;base64,', 'data:,', 'data:', 'DATA:x;base64,', '\\ufeff'])}`,
      );
    default:
      return `${value.slice(0, at)}"`;
  }
}

/** Changes a text as a whole: truncated, damaged, wrapped or in another encoding. */
function mutateText(text: string, random: Random): Buffer {
  switch (random.below(6)) {
    case 0:
      return Buffer.from(`[${text}]`);
    case 1:
      return Buffer.from(`\ufeff${text}`);
    case 2:
      return Buffer.from(text, 'utf16le');
    case 3:
      return Buffer.from(text + random.pick(['}', ',', '\0', text, ' ', '//']));
    case 4:
      return Buffer.from('['.repeat(random.below(5000)) + text);
    default:
      return mutateBytes(Buffer.from(text), random);
  }
}
