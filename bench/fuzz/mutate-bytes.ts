import type { Random } from './random.js';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/**
 * Values that programs often mishandle as lengths, sizes and counts: around zero, around each sign bit, all bits set.
 */
const INTERESTING = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** Containers keep their lengths and sizes here. */
const HEADER_BYTES = 64;

/** Damages bytes in one to four of the ways below. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  do mutated = random.pick(MUTATIONS)(mutated, random);
  while (random.chance(0.4));
  return mutated;
}

const flipBits: Mutation = (bytes, random) => {
  for (let i = random.between(1, 16); i > 0 && bytes.length > 0; i--) {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  }
  return bytes;
};

/** Overwrites one, two or four bytes with an integer, in either byte order, most often in the header. */
const editInteger: Mutation = (bytes, random) => {
  const size = random.pick([1, 2, 4]);
  if (bytes.length < size) return bytes;
  const reach = random.chance(0.7) ? Math.min(HEADER_BYTES, bytes.length) : bytes.length;
  const at = Math.min(random.below(reach), bytes.length - size);
  const value = (random.pick(INTERESTING) & (2 ** (8 * size) - 1)) >>> 0;
  if (random.chance(0.5)) bytes.writeUIntBE(value, at, size);
  else bytes.writeUIntLE(value, at, size);
  return bytes;
};

const overwrite: Mutation = (bytes, random) => {
  const { start, end } = span(bytes, random);
  random.bytes(end - start).copy(bytes, start);
  return bytes;
};

const fill: Mutation = (bytes, random) => {
  const { start, end } = span(bytes, random);
  return bytes.fill(random.pick([0, 0xff, 0x20]), start, end);
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));

const cutOut: Mutation = (bytes, random) => {
  const { start, end } = span(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeat: Mutation = (bytes, random) => {
  const { start, end } = span(bytes, random);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
};

const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), random.bytes(random.between(1, 64)), bytes.subarray(at)]);
};

/** Copies one part of the bytes over another. */
const splice: Mutation = (bytes, random) => {
  const { start, end } = span(bytes, random);
  bytes.copy(bytes, random.below(bytes.length), start, end);
  return bytes;
};

const MUTATIONS = [
  flipBits,
  flipBits,
  editInteger,
  editInteger,
  overwrite,
  fill,
  truncate,
  cutOut,
  repeat,
  insert,
  splice,
];

/** A range of the bytes, more often short than long. */
function span(bytes: Buffer, random: Random): { readonly start: number; readonly end: number } {
  const start = random.below(bytes.length);
  const length = random.chance(0.8) ? random.between(1, 64) : random.below(bytes.length);
  return { start, end: Math.min(bytes.length, start + length) };
}
