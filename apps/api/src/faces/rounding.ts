/** Rounds milliseconds to microseconds; finer digits are noise. */
export const roundMs = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Rounds pixels or degrees to tenths. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Rounds a share or a measure between 0 and 1 to four digits. */
export const share = (value: number): number => Math.round(value * 10_000) / 10_000;
