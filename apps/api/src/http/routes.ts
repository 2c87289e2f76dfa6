import { Inject, Injectable, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { DetectorName } from '#face';
import { SLOTS, type TaskKind } from '#inference';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import type { ErrorFormat } from '../errors/problem.js';
import { type PhotographName, ServiceError } from '../errors/service-error.js';
import type { RequestInput } from './body/request-input.js';
import type { RequestLife } from './request-life.js';

/** A route whose requests carry photographs. */
export interface PhotographRoute {
  /** Their names: `image1` is `image1_base64` in JSON, unless `foreign`, and the file `image1` in a form. */
  readonly photographs: readonly PhotographName[];
  /** Any number of further photographs. */
  readonly list?: PhotographList;
  /** The class that describes the other fields of a body. */
  readonly options: Type<object>;
  /** What is at least done with each photograph; determines how many slots a request takes. */
  readonly task: TaskKind;
  /** The number of slots that a request takes, if its fields or its list may ask for more. */
  readonly slots?: (input: RequestInput) => number;
  /** The detector that must be enabled for the route to exist. */
  readonly detector?: DetectorName;
  /** What the route has of another product's API in place of the service's own. */
  readonly foreign?: ForeignApi;
}

/** How another product's API differs. */
export interface ForeignApi {
  /** Whether the fields may also be in the query string. Photographs have the same name in JSON as in a form. */
  readonly takesQuery: boolean;
  /** How errors are written. */
  readonly errorFormat: ErrorFormat;
  /** The class that describes an error, which is `application/json`. */
  readonly error: Type<object>;
}

/** A list in a request, whose elements are photographs, or may be. */
export interface PhotographList {
  /** The list's name in JSON; the photograph of each element is its `image_base64`. */
  readonly field: string;
  /** The name of the files in a form. */
  readonly file: string;
  /** Maximum number of elements; the minimum is 1. */
  readonly max: number;
  /** The class that describes an element in JSON. */
  readonly item: Type<object>;
}

/** A path and one of its methods. Requests without photographs have no body. */
export type Route = Partial<PhotographRoute>;

const TAKES_PHOTOGRAPHS = 'takes photographs';

/** Declares, on a controller's method, which photographs its requests carry and what is done with them. */
export const TakesPhotographs = (route: PhotographRoute): MethodDecorator => SetMetadata(TAKES_PHOTOGRAPHS, route);

/**
 * The number of slots that a request to a route takes.
 *
 * @param input its body; without it, the number that every request takes at least
 */
export const slotsOf = ({ photographs, task, slots }: PhotographRoute, input?: RequestInput): number =>
  slots === undefined || input === undefined ? photographs.length * SLOTS[task] : slots(input);

export const takesPhotographs = (route: Route | undefined): route is PhotographRoute =>
  route?.photographs !== undefined;

/** Every registered path, with its methods. */
@Injectable()
export class RouteTable {
  readonly #routes = new Map<string, Map<string, Route>>();
  readonly #disabled = new Set<string>();
  /** Of paths with another format than problem documents. */
  readonly #errorFormats = new Map<string, ErrorFormat>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Adds the routes of all controllers. */
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

  /** Adds a path that belongs to no controller. */
  add(path: string, method: string, route: Route = {}): void {
    const methods = this.#routes.get(path) ?? new Map<string, Route>();
    this.#routes.set(path, methods.set(method, route));
    if (method === 'GET') methods.set('HEAD', route);
    if (takesPhotographs(route) && route.foreign) this.#errorFormats.set(path, route.foreign.errorFormat);
  }

  /** Paths whose controllers are missing because their detector is not enabled. */
  get disabled(): readonly string[] {
    return [...this.#disabled];
  }

  /** The routes whose requests carry photographs, with their paths. */
  get withPhotographs(): [path: string, route: PhotographRoute][] {
    return [...this.#routes].flatMap(([path, methods]) =>
      [...methods.values()].filter(takesPhotographs).map((route): [string, PhotographRoute] => [path, route]),
    );
  }

  /**
   * The route of a request, or undefined if its path is unknown.
   *
   * @throws ServiceError METHOD_NOT_ALLOWED if the path takes other methods; NOT_FOUND if it is disabled
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

  /** How errors of a path are written; undefined for problem documents. */
  errorFormat(path: string): ErrorFormat | undefined {
    return this.#errorFormats.get(normalised(path));
  }

  /** The path's label in metrics: itself, or `other`, so that clients cannot add labels. */
  label(path: string): string {
    const route = normalised(path);
    return this.#routes.has(route) ? route : 'other';
  }
}

/** A path in the table's form. Like Express, ignores case and one trailing slash. */
export const normalised = (path: string): string => path.toLowerCase().replace(/(?<=.)\/$/, '');

/** Joins a controller's prefix and a method's path, either of which may be empty. */
const joined = (...parts: readonly string[]): string =>
  `/${parts.flatMap((part) => part.split('/').filter(Boolean)).join('/')}`;
