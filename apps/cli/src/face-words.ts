import { type AssessedFace, roundBox } from '#face';
import { warningWords } from './warning-words.js';

/** A face for people: its size and place in pixels of the photograph, and what may make a comparison unreliable. */
export function faceWords({ box, confidence, foundBy, warnings }: AssessedFace): string {
  const { x1, y1, x2, y2 } = roundBox(box);
  return `${x2 - x1} × ${y2 - y1} px at ${x1},${y1}; confidence ${confidence.toFixed(3)} (${foundBy}); ${warningWords(warnings)}`;
}

/** Milliseconds for people. */
export const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
