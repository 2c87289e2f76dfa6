import type { FaceWarning } from '#face';

const WORDS: Readonly<Record<FaceWarning, string>> = {
  FACE_SMALL: 'small',
  BLURRED: 'blurred',
  TOO_DARK: 'too dark',
  TOO_BRIGHT: 'too bright',
  LOW_CONTRAST: 'low contrast',
  TURNED_AWAY: 'turned away',
  TILTED: 'tilted',
  FACE_CUT_OFF: 'cut off by the edge',
  SEVERAL_FACES: 'not the only face',
  LOW_CONFIDENCE: 'detected with little confidence',
};

/** The warnings about a face for people. */
export const warningWords = (warnings: readonly FaceWarning[]): string =>
  warnings.length === 0 ? 'no warnings' : `warnings: ${warnings.map((warning) => WORDS[warning]).join(', ')}`;
