import { printable } from '../../output.js';

/** An error of the system about a file as one line for the user; any other error as it is. */
export function asUnreadable(file: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return isOfSystem ? new Error(`${printable(file)}: the file is missing or cannot be read`, { cause: error }) : error;
}
