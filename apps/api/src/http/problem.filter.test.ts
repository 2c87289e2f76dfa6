import { BadRequestException, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceError } from '#inference';
import { ServiceError } from '../errors/service-error.js';
import { LifeServer } from './life-server.fixture.js';
import { ProblemFilter } from './problem.filter.js';
import type { WayInOptions } from './way-in.js';

const BUG = new Error('a secret');

@Controller()
class Throwing {
  @Get('photograph')
  photograph(): never {
    throw new ServiceError('NO_FACE', 'No face detected in image 2.', 2);
  }

  @Get('pool')
  pool(): Promise<never> {
    return Promise.reject(new InferenceError('OVERLOADED', 'the queue is full'));
  }

  @Get('nest')
  nest(): never {
    throw new BadRequestException('quotes the request');
  }

  @Get('bug')
  bug(): never {
    throw BUG;
  }
}

@Module({ controllers: [Throwing] })
class Application {}

let app: NestExpressApplication;
let server: LifeServer;
beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(Application, { logger: false });
  app.useGlobalFilters(new ProblemFilter());
  await app.init();
  const handle = app.getHttpAdapter().getInstance() as WayInOptions['handle'];
  server = await LifeServer.start((life) => {
    handle(life.request, life.response, (error) => {
      life.refuse(error);
    });
  });
});
afterAll(async () => {
  await server.close();
  await app.close();
});

describe('errors thrown by a controller become problem documents', () => {
  it.each([
    ['photograph', 422, { code: 'NO_FACE', detail: 'No face detected in image 2.', image: 2 }],
    ['pool', 503, { code: 'OVERLOADED' }],
    ['nest', 400, { code: 'INVALID_REQUEST', detail: 'The request cannot be read.' }],
    ['nowhere', 404, { code: 'NOT_FOUND' }],
  ])('%s', async (path, status, problem) => {
    const answer = await fetch(`${server.url}/${path}`);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ status, ...problem, request_id: answer.headers.get('x-request-id') });
    expect(server.internal).toEqual([]);
  });

  it('an internal error gives only the request’s id and is logged', async () => {
    const answer = await fetch(`${server.url}/bug`);
    const text = await answer.text();

    expect(answer.status).toBe(500);
    expect(text).toContain(answer.headers.get('x-request-id'));
    expect(text).not.toContain('secret');
    expect(server.internal.splice(0)).toEqual([BUG]);
  });
});
