import { Injectable, RequestMethod, SetMetadata } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ServiceError } from '../errors/service-error.js';
import type { RequestLife } from './request-life.js';

/** A path with one of its methods. */
export interface Route {
  /** How many photographs a request brings: the places it takes. */
  readonly photographs: number;
}

const PHOTOGRAPHS = 'photographs';

/** Says on a controller's method how many photographs a request to it brings. Without it, a request has no body. */
export const TakesPhotographs = (count: number): MethodDecorator => SetMetadata(PHOTOGRAPHS, count);

/** Every path that is registered, and the methods it takes. */
@Injectable()
export class RouteTable {
  readonly #routes = new Map<string, Map<string, Route>>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** Fills the table with what the controllers register. */
  discover(): void {
    for (const { instance, metatype } of this.discovery.getControllers()) {
      const controller = instance as Record<string, () => unknown>;
      for (const name of this.scanner.getAllMethodNames(controller)) {
        const handler = controller[name];
        const method = this.reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
        if (method === undefined || metatype === null) continue;
        const [prefix, path] = [metatype, handler].map((target) =>
          this.reflector.get<string>(PATH_METADATA, target as () => unknown),
        );
        const photographs = this.reflector.get<number | undefined>(PHOTOGRAPHS, handler) ?? 0;
        this.add(joined(prefix, path), RequestMethod[method], { photographs });
      }
    }
  }

  /** Adds a path that no controller has. */
  add(path: string, method: string, route: Route = { photographs: 0 }): void {
    const methods = this.#routes.get(path) ?? new Map<string, Route>();
    this.#routes.set(path, methods.set(method, route));
    if (method === 'GET') methods.set('HEAD', route);
  }

  /** The paths whose requests bring photographs. */
  get comparisons(): string[] {
    return [...this.#routes].flatMap(([path, methods]) =>
      [...methods.values()].some(({ photographs }) => photographs > 0) ? [path] : [],
    );
  }

  /**
   * The route of a request, or undefined where its path is not in the table.
   *
   * @throws ServiceError METHOD_NOT_ALLOWED where it is, but takes other methods
   */
  find({ path, request, response }: RequestLife): Route | undefined {
    const methods = this.#routes.get(normalised(path));
    const route = methods?.get(request.method ?? '');
    if (methods === undefined || route !== undefined) return route;
    const allowed = [...methods.keys()];
    response.setHeader('Allow', allowed.join(', '));
    throw new ServiceError('METHOD_NOT_ALLOWED', `${normalised(path)} takes ${allowed.join(' or ')}.`);
  }

  /** What a path is called in metrics: itself, or `other`, so that no caller can add labels. */
  label(path: string): string {
    const route = normalised(path);
    return this.#routes.has(route) ? route : 'other';
  }
}

/** A path as the table has it. Express, too, is indifferent to case, and to one slash at the end. */
export const normalised = (path: string): string => path.toLowerCase().replace(/(?<=.)\/$/, '');

/** A controller's prefix and a method's path, either of which may be empty, as one path. */
const joined = (...parts: readonly string[]): string =>
  `/${parts.flatMap((part) => part.split('/').filter(Boolean)).join('/')}`;
