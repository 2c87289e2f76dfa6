import { Controller, Delete, Get, type INestApplicationContext, Module, Post } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, NestFactory, Reflector } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLOTS } from '#inference';
import { readSettings } from '../config/settings.js';
import type { RequestInput } from './body/request-input.js';
import { LifeServer } from './life-server.fixture.js';
import { normalised, slotsOf, RouteTable, TakesPhotographs } from './routes.js';

const PAIR = { photographs: ['image1', 'image2'], options: Object, task: 'analyse' } as const;

@Controller('/things/')
class Things {
  @Get()
  list(): string {
    return this.helper();
  }

  @Post('pair')
  @TakesPhotographs(PAIR)
  pair(): string {
    return this.helper();
  }

  @Delete('pair')
  remove(): string {
    return this.helper();
  }

  /** Not a route. */
  helper(): string {
    return 'things';
  }
}

@Controller('by')
class ByDetector {
  @Post('mtcnn')
  @TakesPhotographs({ ...PAIR, detector: 'mtcnn' })
  byMtcnn(): string {
    return 'mtcnn';
  }

  @Post('blazeface')
  @TakesPhotographs({ ...PAIR, detector: 'blazeface' })
  byBlazeFace(): string {
    return 'blazeface';
  }
}

@Controller()
class Root {
  @Get()
  root(): string {
    return 'root';
  }
}

@Module({ imports: [DiscoveryModule], controllers: [Things, ByDetector, Root] })
class Application {}

let context: INestApplicationContext;
let table: RouteTable;
let server: LifeServer;
beforeAll(async () => {
  context = await NestFactory.createApplicationContext(Application, { logger: false });
  const settings = readSettings({ DETECTORS: 'mtcnn' });
  table = new RouteTable(context.get(DiscoveryService), new MetadataScanner(), new Reflector(), settings);
  table.discover();
  server = await LifeServer.start((life) => {
    try {
      life.response.end(JSON.stringify(table.find(life)?.photographs ?? table.label(life.path)));
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
    ['GET', '/', '/'],
    ['GET', '/things', '/things'],
    ['GET', '/things/?query', '/things'],
    ['GET', '/THINGS', '/things'],
    ['POST', '/things/pair', ['image1', 'image2']],
    ['POST', '/by/mtcnn', ['image1', 'image2']],
    ['DELETE', '/things/pair', '/things/pair'],
  ])('finds %s %s and the photographs its requests carry', async (method, path, found) => {
    expect(await find(method, path)).toEqual(found);
  });

  it.each(['/nothing', '/things/helper', '/things/pair/more', '/things//', '/pair'])(
    'does not find %s',
    async (path) => {
      expect(await find('GET', path)).toBe('other');
    },
  );

  it('reports a route whose detector is not enabled as missing', async () => {
    expect(table.disabled).toEqual(['/by/blazeface']);
    expect(await find('POST', '/by/blazeface/')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each([
    ['GET', '/things/pair', 'POST, DELETE'],
    ['POST', '/things', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
  ])('rejects %s %s and lists the allowed methods: %s', async (method, path, allowed) => {
    const answer = await fetch(server.url + path, { method });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it('accepts HEAD wherever it accepts GET', async () => {
    expect((await fetch(`${server.url}/things`, { method: 'HEAD' })).status).toBe(200);
  });

  it('knows which paths accept photographs', () => {
    expect(table.withPhotographs.map(([path]) => path)).toEqual(['/things/pair', '/by/mtcnn']);
  });

  it('finds paths added by hand', async () => {
    table.add('/docs', 'GET');

    expect(await find('GET', '/docs')).toBe('/docs');
  });

  it.each([
    ['/Things/', '/things'],
    ['/things/pair', '/things/pair'],
    ['/', '/'],
    ['/nothing', 'other'],
    ['/__proto__', 'other'],
    ['', 'other'],
  ])('labels %j %s in metrics', (path, label) => {
    expect(table.label(path)).toBe(label);
  });
});

it('a request takes as many slots as its task needs per photograph', () => {
  expect(slotsOf(PAIR)).toBe(2 * SLOTS.analyse);
  expect(slotsOf({ ...PAIR, photographs: ['image'], task: 'embed' })).toBe(SLOTS.embed);
});

it('a request takes as many slots as its body asks for, once that is known', () => {
  const route = { ...PAIR, slots: ({ fields }: RequestInput) => (fields['faces'] === 'all' ? 3 : 2) };
  const input = { photographs: [], items: [], fields: { faces: 'all' } };

  expect(slotsOf(route)).toBe(2);
  expect(slotsOf(route, input)).toBe(3);
  expect(slotsOf(PAIR, input)).toBe(2);
});

it.each([
  ['/', '/'],
  ['/A/', '/a'],
  ['/a//', '/a/'],
  ['', ''],
])('normalises %j to %j', (path, normal) => {
  expect(normalised(path)).toBe(normal);
});
