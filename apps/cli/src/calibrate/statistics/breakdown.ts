import type { FaceQuality } from '#face';
import type { ScoredPairs } from '../scores/scored-pairs.js';
import type { Rate } from './rate.js';
import { type PeopleOfPairs, sharesBelow, sharesFrom } from './rate-intervals.js';

/** The error rates of a part of the pairs. */
export interface PartRates {
  readonly part: string;
  /** Null without pairs of that kind. */
  readonly fmr: Rate | null;
  readonly fnmr: Rate | null;
}

/** How pairs are divided into parts. */
export interface Division {
  readonly parts: readonly string[];
  /** Of each genuine and each impostor pair, the index of its part. */
  readonly genuine: Uint32Array;
  readonly impostor: Uint32Array;
}

/** Pairs and who they show. */
export interface PairsOfPeople {
  readonly pairs: ScoredPairs;
  readonly people: PeopleOfPairs | undefined;
}

/** Upper ends of the parts by face width, in pixels. */
const WIDTHS = [40, 80, 160];

/** Divides pairs by the width of the narrower face, in pixels of the photograph as sent. */
export function byFaceWidth(genuine: ScoredPairs, impostor: ScoredPairs, qualities: readonly FaceQuality[]): Division {
  const parts = [
    `under ${WIDTHS[0]} px`,
    ...WIDTHS.slice(1).map((end, i) => `${WIDTHS[i]} to ${end} px`),
    `${WIDTHS[WIDTHS.length - 1]} px and more`,
  ];
  return divide(parts, genuine, impostor, (a, b) => {
    const width = Math.min(qualities[a].faceWidth, qualities[b].faceWidth);
    return WIDTHS.filter((end) => width >= end).length;
  });
}

/** Divides pairs by how many of the two photographs are grey. */
export function byColour(genuine: ScoredPairs, impostor: ScoredPairs, qualities: readonly FaceQuality[]): Division {
  const parts = ['both in colour', 'one grey', 'both grey'];
  return divide(parts, genuine, impostor, (a, b) => Number(qualities[a].isGrey) + Number(qualities[b].isGrey));
}

function divide(
  parts: readonly string[],
  genuine: ScoredPairs,
  impostor: ScoredPairs,
  partOf: (first: number, second: number) => number,
): Division {
  const partsOf = ({ photographs, similarities }: ScoredPairs): Uint32Array =>
    Uint32Array.from(similarities, (_, i) =>
      photographs === undefined ? 0 : partOf(photographs.first[i], photographs.second[i]),
    );
  return { parts, genuine: partsOf(genuine), impostor: partsOf(impostor) };
}

/** The error rates of each part at a threshold; parts without pairs are left out. */
export function ratesByPart(
  division: Division,
  genuine: PairsOfPeople,
  impostor: PairsOfPeople,
  threshold: number,
): PartRates[] {
  return division.parts.flatMap((part, index) => {
    const fmr = partOf(impostor, division.impostor, index, (...of) => sharesFrom(of[0], [threshold], of[1]));
    const fnmr = partOf(genuine, division.genuine, index, (...of) => sharesBelow(of[0], [threshold], of[1]));
    return fmr === null && fnmr === null ? [] : [{ part, fmr, fnmr }];
  });
}

function partOf(
  { pairs, people }: PairsOfPeople,
  partOfPair: Uint32Array,
  part: number,
  rates: (similarities: Float64Array, people: PeopleOfPairs | undefined) => Rate[],
): Rate | null {
  const chosen = Uint32Array.from(partOfPair.keys()).filter((i) => partOfPair[i] === part);
  if (chosen.length === 0) return null;
  const of = (values: Uint32Array): Uint32Array => chosen.map((i) => values[i]);
  const [rate] = rates(
    Float64Array.from(chosen, (i) => pairs.similarities[i]),
    people && { count: people.count, first: of(people.first), ...(people.second && { second: of(people.second) }) },
  );
  return rate;
}
