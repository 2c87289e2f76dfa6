import { Controller, Delete, Get, type INestApplicationContext, Module, Post } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, NestFactory, Reflector } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LifeServer } from './life-server.fixture.js';
import { normalised, RouteTable, TakesPhotographs } from './routes.js';

@Controller('/things/')
class Things {
  @Get()
  list(): string {
    return this.helper();
  }

  @Post('pair')
  @TakesPhotographs(2)
  pair(): string {
    return this.helper();
  }

  @Delete('pair')
  remove(): string {
    return this.helper();
  }

  /** No route. */
  helper(): string {
    return 'things';
  }
}

@Controller()
class Root {
  @Get()
  root(): string {
    return 'root';
  }
}

@Module({ imports: [DiscoveryModule], controllers: [Things, Root] })
class Application {}

let context: INestApplicationContext;
let table: RouteTable;
let server: LifeServer;
beforeAll(async () => {
  context = await NestFactory.createApplicationContext(Application, { logger: false });
  table = new RouteTable(context.get(DiscoveryService), new MetadataScanner(), new Reflector());
  table.discover();
  server = await LifeServer.start((life) => {
    try {
      life.response.end(JSON.stringify(table.find(life) ?? 'none'));
    } catch (error) {
      life.refuse(error);
    }
  });
});
afterAll(async () => {
  await server.close();
  await context.close();
});

const find = async (method: string, path: string): Promise<unknown> =>
  (await fetch(server.url + path, { method })).json();

describe('RouteTable', () => {
  it.each([
    ['GET', '/', 0],
    ['GET', '/things', 0],
    ['GET', '/things/?query', 0],
    ['GET', '/THINGS', 0],
    ['POST', '/things/pair', 2],
    ['DELETE', '/things/pair', 0],
  ])('finds %s %s, whose requests bring %i photographs', async (method, path, photographs) => {
    expect(await find(method, path)).toEqual({ photographs });
  });

  it.each(['/nothing', '/things/helper', '/things/pair/more', '/things//', '/pair'])(
    'does not find %s',
    async (path) => {
      expect(await find('GET', path)).toBe('none');
    },
  );

  it.each([
    ['GET', '/things/pair', 'POST, DELETE'],
    ['POST', '/things', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
  ])('refuses %s %s and says what the path takes: %s', async (method, path, allowed) => {
    const answer = await fetch(server.url + path, { method });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it('takes HEAD where it takes GET', async () => {
    expect((await fetch(`${server.url}/things`, { method: 'HEAD' })).status).toBe(200);
  });

  it('knows which paths take photographs', () => {
    expect(table.comparisons).toEqual(['/things/pair']);
  });

  it('finds what was added by hand', async () => {
    table.add('/docs', 'GET');

    expect(await find('GET', '/docs')).toEqual({ photographs: 0 });
  });

  it.each([
    ['/Things/', '/things'],
    ['/things/pair', '/things/pair'],
    ['/', '/'],
    ['/nothing', 'other'],
    ['/__proto__', 'other'],
    ['', 'other'],
  ])('calls %j %s in metrics', (path, label) => {
    expect(table.label(path)).toBe(label);
  });
});

it.each([
  ['/', '/'],
  ['/A/', '/a'],
  ['/a//', '/a/'],
  ['', ''],
])('normalises %j to %j', (path, normal) => {
  expect(normalised(path)).toBe(normal);
});
