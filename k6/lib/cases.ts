/** A photograph in test/photographs. */
export type Photograph = 'biden.jpg' | 'cat.png' | 'obama.jpg' | 'obama2.jpg';

/** Two photographs and the expected result, whichever the detector. */
export interface Case {
  readonly image1: Photograph;
  readonly image2: Photograph;
  /** The verdict, or the photograph without a face. */
  readonly expected: { readonly match: boolean } | { readonly noFaceIn: 1 | 2 };
}

/** One case per kind of result. */
export const CASES: readonly Case[] = [
  { image1: 'obama.jpg', image2: 'obama2.jpg', expected: { match: true } },
  { image1: 'obama.jpg', image2: 'biden.jpg', expected: { match: false } },
  { image1: 'cat.png', image2: 'obama2.jpg', expected: { noFaceIn: 1 } },
  { image1: 'obama.jpg', image2: 'cat.png', expected: { noFaceIn: 2 } },
];

/** In words, for the summary of checks. */
export function describe({ image1, image2, expected }: Case): string {
  const answer = 'match' in expected ? (expected.match ? 'match' : 'differ') : `no face in image ${expected.noFaceIn}`;
  return `${image1}, ${image2}: ${answer}`;
}
