import { BadRequestException, ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { InferenceError, type InferenceErrorCode } from '#inference';
import { ServiceError } from './service-error.js';
import { toServiceError } from './to-service-error.js';

/** What Express throws carries its status. */
const express = (status: unknown): Error => Object.assign(new Error('quotes the request'), { status });

describe('toServiceError', () => {
  it('leaves an error of the service as it is', () => {
    const error = new ServiceError('NO_FACE', 'No face.', 1);
    expect(toServiceError(error)).toBe(error);
  });

  it.each<[InferenceErrorCode, string | undefined]>([
    ['OVERLOADED', 'OVERLOADED'],
    ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    ['WORKER_LOST', 'WORKER_LOST'],
    ['CANCELLED', undefined],
    ['INTERNAL', undefined],
  ])('makes %s of the pool %s', (code, expected) => {
    expect(toServiceError(new InferenceError(code, 'for the log'))?.code).toBe(expected);
  });

  it.each([
    ['a missing path', new NotFoundException('/secret'), 'NOT_FOUND'],
    ['a bad request', new BadRequestException('secret'), 'INVALID_REQUEST'],
    ['an address that cannot be read', express(400), 'INVALID_REQUEST'],
    ['whatever else Express refuses', express(414), 'INVALID_REQUEST'],
  ])('tells nothing of the request in %s', (_, thrown, code) => {
    const error = toServiceError(thrown);
    expect(error?.code).toBe(code);
    expect(error?.message).not.toMatch(/secret|quotes/);
  });

  it.each([
    ['an error', new Error('secret')],
    ['a text', 'secret'],
    ['nothing', undefined],
    ['null', null],
    ['a status that is none', express('400')],
    ['an error of Express’s own', express(500)],
    ['a status of Nest that nobody expects', new ForbiddenException()],
    ['an error of Nest’s own', new HttpException('secret', 500)],
  ])('keeps to itself what is none of the caller’s business: %s', (_, thrown) => {
    expect(toServiceError(thrown)).toBeUndefined();
  });
});
