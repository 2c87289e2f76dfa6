import { type ImageName, inWords, ServiceError } from '../../api/src/errors/service-error.js';
import { problemOf } from '../../api/src/errors/problem.js';
import { print, printable } from './output.js';

/** The files' names, by what the service's errors call the photographs. */
export type FileNames = Readonly<Partial<Record<ImageName, string>>>;

/**
 * Runs work whose errors are those of the service, and makes them name the files.
 *
 * @param json whether to print the error as the service's problem document, too
 * @throws Error with one line for each photograph at fault
 */
export async function namingFiles<T>(names: FileNames, json: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (json) print(JSON.stringify(problemOf(error)));
    const faults = error.errors.length > 0 ? error.errors : [error];
    throw new Error(faults.map((fault) => inFileNames(fault, names)).join('\n'), { cause: error });
  }
}

/** The message of an error with the file's name instead of `image 2`. */
export function inFileNames({ image, message }: ServiceError, names: FileNames): string {
  const name = image === undefined ? undefined : names[image];
  if (image === undefined || name === undefined) return message;
  // A function, because $& and its like in the name of a file mean nothing.
  return message.replace(new RegExp(`\\b${inWords(image)}\\b`, 'i'), () => printable(name));
}
