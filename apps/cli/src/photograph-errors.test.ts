import { describe, expect, it } from 'vitest';
import { imageError, imageTooLarge, ServiceError } from '../../api/src/errors/service-error.js';
import { noFace } from '../../api/src/faces/photograph-outcome.js';
import { inFileNames, namingFiles } from './photograph-errors.js';

const NAMES = { 1: 'a.jpg', 2: 'b.jpg', image: 'c.jpg' };

describe('inFileNames', () => {
  it.each([
    ['at the beginning', imageTooLarge(2, 1000), 'b.jpg is larger than 1000 bytes.'],
    ['within the sentence', noFace(1), 'No face detected in a.jpg.'],
    ['where there is only one', noFace('image'), 'No face detected in c.jpg.'],
    ['unless no photograph is at fault', new ServiceError('INVALID_REQUEST', 'Image 1 or 2.'), 'Image 1 or 2.'],
  ])('names the file %s', (_, error, expected) => {
    expect(inFileNames(error, NAMES)).toBe(expected);
  });

  it('takes a name as it is, but for what manipulates a terminal', () => {
    const names = { 1: '$& image 1\n\u001b[31m\u202Egpj.jpg' };
    expect(inFileNames(imageError('UNREADABLE_IMAGE', 1, 'is damaged'), names)).toBe(
      '$& image 1\uFFFD\uFFFD[31m\uFFFDgpj.jpg is damaged.',
    );
  });
});

describe('namingFiles', () => {
  it('has a line for each photograph at fault', async () => {
    const [one, other] = [noFace(1), noFace(2)];
    const both = new ServiceError('NO_FACE', `${one.message} ${other.message}`, 1, [one, other]);
    await expect(namingFiles(NAMES, false, () => Promise.reject(both))).rejects.toThrow(
      /^No face detected in a\.jpg\.\nNo face detected in b\.jpg\.$/,
    );
  });

  it('passes on results and other errors', async () => {
    const error = new Error('of the disk');
    await expect(namingFiles(NAMES, false, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(namingFiles(NAMES, false, () => Promise.reject(error))).rejects.toBe(error);
  });
});
