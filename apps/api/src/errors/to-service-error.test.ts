import { BadRequestException, ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { InferenceError, type InferenceErrorCode } from '#inference';
import { ServiceError } from './service-error.js';
import { toServiceError } from './to-service-error.js';

/** Express' errors carry a status. */
const express = (status: unknown): Error => Object.assign(new Error('quotes the request'), { status });

describe('toServiceError', () => {
  it('passes an error of the service through', () => {
    const error = new ServiceError('NO_FACE', 'No face.', 1);
    expect(toServiceError(error)).toBe(error);
  });

  it.each<[InferenceErrorCode, string | undefined]>([
    ['OVERLOADED', 'OVERLOADED'],
    ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    ['WORKER_LOST', 'WORKER_LOST'],
    ['CANCELLED', undefined],
    ['INTERNAL', undefined],
  ])('maps %s of the pool to %s', (code, expected) => {
    expect(toServiceError(new InferenceError(code, 'for the log'))?.code).toBe(expected);
  });

  it.each([
    ['a missing path', new NotFoundException('/secret'), 'NOT_FOUND'],
    ['a bad request', new BadRequestException('secret'), 'INVALID_REQUEST'],
    ['a path that cannot be decoded', express(400), 'INVALID_REQUEST'],
    ['anything else that Express rejects', express(414), 'INVALID_REQUEST'],
  ])('does not quote the request for %s', (_, thrown, code) => {
    const error = toServiceError(thrown);
    expect(error?.code).toBe(code);
    expect(error?.message).not.toMatch(/secret|quotes/);
  });

  it.each([
    ['an error', new Error('secret')],
    ['a text', 'secret'],
    ['nothing', undefined],
    ['null', null],
    ['an invalid status', express('400')],
    ['an error inside Express', express(500)],
    ['an unexpected status from Nest', new ForbiddenException()],
    ['an error inside Nest', new HttpException('secret', 500)],
  ])('hides internal errors from the client: %s', (_, thrown) => {
    expect(toServiceError(thrown)).toBeUndefined();
  });
});
