import { Inject, Injectable, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { DetectorName } from '#face';
import { PLACES, type TaskKind } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { ServiceError } from '../errors/service-error.js';
import type { RequestLife } from './request-life.js';

/** A route whose requests bring photographs. */
export interface PhotographRoute {
  /** Their names: `image1` is `image1_base64` in JSON, and the file `image1` in a form. */
  readonly photographs: readonly string[];
  /** The class that says what other fields a body may have. */
  readonly options: Type<object>;
  /** What is done with each photograph: it decides how many places a request takes. */
  readonly task: TaskKind;
  /** The detector that has to be in use for the route to be there. */
  readonly detector?: DetectorName;
}

/** A path with one of its methods. Without photographs, a request has no body. */
export type Route = Partial<PhotographRoute>;

const TAKES_PHOTOGRAPHS = 'takes photographs';

/** Says on a controller's method which photographs a request to it brings, and what is done with them. */
export const TakesPhotographs = (route: PhotographRoute): MethodDecorator => SetMetadata(TAKES_PHOTOGRAPHS, route);

/** The places that a request to a route takes. */
export const placesOf = ({ photographs, task }: PhotographRoute): number => photographs.length * PLACES[task];

export const takesPhotographs = (route: Route | undefined): route is PhotographRoute =>
  route?.photographs !== undefined;

/** Every path that is registered, and the methods it takes. */
@Injectable()
export class RouteTable {
  readonly #routes = new Map<string, Map<string, Route>>();
  readonly #disabled = new Set<string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    @Inject(SETTINGS) private readonly settings: Settings,
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
        const route = this.reflector.get<Route | undefined>(TAKES_PHOTOGRAPHS, handler) ?? {};
        if (route.detector === undefined || this.settings.detectors.includes(route.detector)) {
          this.add(joined(prefix, path), RequestMethod[method], route);
        } else this.#disabled.add(joined(prefix, path));
      }
    }
  }

  /** Adds a path that no controller has. */
  add(path: string, method: string, route: Route = {}): void {
    const methods = this.#routes.get(path) ?? new Map<string, Route>();
    this.#routes.set(path, methods.set(method, route));
    if (method === 'GET') methods.set('HEAD', route);
  }

  /** The paths of controllers that are not there, since their detector is not in use. */
  get disabled(): readonly string[] {
    return [...this.#disabled];
  }

  /** The routes whose requests bring photographs, with their paths. */
  get withPhotographs(): [path: string, route: PhotographRoute][] {
    return [...this.#routes].flatMap(([path, methods]) =>
      [...methods.values()].filter(takesPhotographs).map((route): [string, PhotographRoute] => [path, route]),
    );
  }

  /**
   * The route of a request, or undefined where its path is not in the table.
   *
   * @throws ServiceError METHOD_NOT_ALLOWED where it is, but takes other methods; NOT_FOUND where it is disabled
   */
  find({ path, request, response }: RequestLife): Route | undefined {
    if (this.#disabled.has(normalised(path))) {
      throw new ServiceError('NOT_FOUND', `The detector of ${normalised(path)} is not enabled (DETECTORS).`);
    }
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
