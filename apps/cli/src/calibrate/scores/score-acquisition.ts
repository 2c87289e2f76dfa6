import type { DetectorName, FaceQuality } from '#face';
import type { AcquiredFace, Acquired, Acquisition } from '../acquisition/acquisition.js';
import type { LabelledInput, ListedPair } from '../inputs/labelled.js';
import type { ScoredSet } from '../statistics/evaluate.js';
import { genuinePairs, impostorPairs, type PairList } from './pair-list.js';
import { scorePairs } from './scored-pairs.js';

/** Most pairs of each kind to score; of more, this many are drawn at random. */
export const MAX_PAIRS = 5_000_000;

/** The photographs of an input that one detector found a face in. */
interface AcquiredPhotographs {
  readonly faces: readonly AcquiredFace[];
  readonly names: readonly string[];
  /** Renumbered without gaps. */
  readonly people: Uint32Array;
  /** Of each photograph of the input, its index here, or that of the one it is a copy of; −1 if there is none. */
  readonly placeOf: Int32Array;
}

/** Scores the pairs of an input as one detector acquired it. */
export function scoreAcquisition(
  input: LabelledInput,
  { outcomes, copyOf }: Acquisition,
  detector: DetectorName,
): ScoredSet & { readonly photographs: NonNullable<ScoredSet['photographs']> } {
  const results = outcomes.get(detector);
  if (results === undefined) throw new TypeError(`${detector} acquired nothing`);
  const { faces, names, people, placeOf } = acquired(input, results, copyOf);
  const embeddings = faces.map(({ embedding }) => embedding);
  const qualities: FaceQuality[] = faces.map(({ quality }) => quality);
  const photographs = { names, qualities, people };
  if (input.pairs === undefined) {
    return {
      genuine: scorePairs(genuinePairs(people, MAX_PAIRS), embeddings),
      impostor: scorePairs(impostorPairs(people, MAX_PAIRS), embeddings),
      photographs,
    };
  }
  const usable = usablePairs(input.pairs, placeOf);
  const [genuine, impostor] = [usable.filter(({ same }) => same), usable.filter(({ same }) => !same)];
  const parts = [...new Set(usable.map(({ group }) => group))].filter((group) => group !== '').sort();
  const partsOf = (pairs: readonly ListedPair[]): Uint32Array =>
    // Those without a group have the index after the last, which is none's.
    Uint32Array.from(pairs, ({ group }) => (group === '' ? parts.length : parts.indexOf(group)));
  return {
    genuine: scorePairs(listed(genuine, placeOf), embeddings),
    impostor: scorePairs(listed(impostor, placeOf), embeddings),
    photographs,
    groups: { parts, genuine: partsOf(genuine), impostor: partsOf(impostor) },
  };
}

function acquired(
  { photographs }: LabelledInput,
  results: readonly Acquired[],
  copyOf: Acquisition['copyOf'],
): AcquiredPhotographs {
  const faces: AcquiredFace[] = [];
  const names: string[] = [];
  const people: number[] = [];
  const placeOf = new Int32Array(photographs.length).fill(-1);
  let last: number | undefined;
  let person = -1;
  photographs.forEach((photograph, index) => {
    const result = results[index];
    if ('failure' in result) return;
    const original = copyOf[index];
    if (original !== undefined) {
      placeOf[index] = placeOf[original];
      return;
    }
    if (photograph.person !== last) person++;
    last = photograph.person;
    placeOf[index] = faces.length;
    faces.push(result);
    names.push(photograph.name);
    people.push(person);
  });
  return { faces, names, people: Uint32Array.from(people), placeOf };
}

/** The pairs whose photographs were both acquired; those that copies make the same count once. */
function usablePairs(pairs: readonly ListedPair[], placeOf: Int32Array): ListedPair[] {
  const seen = new Set<number>();
  return pairs.filter((pair) => {
    const [first, second] = [placeOf[pair.first], placeOf[pair.second]];
    // One number for both orders.
    const key = Math.min(first, second) * placeOf.length + Math.max(first, second);
    if (first < 0 || second < 0 || first === second || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const listed = (pairs: readonly ListedPair[], placeOf: Int32Array): PairList => ({
  first: Uint32Array.from(pairs, ({ first }) => placeOf[first]),
  second: Uint32Array.from(pairs, ({ second }) => placeOf[second]),
  total: pairs.length,
});
