/** Prints text to standard output, with a newline. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/**
 * A file's name as it is shown on a terminal, which control characters could manipulate, and marks that turn the
 * direction of writing.
 */
export const printable = (name: string): string => name.replace(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD');
