import 'reflect-metadata';

/** What a field holds if it is not text. Forms carry only text, so it is converted there. */
type Kind = 'number' | 'list';

const KINDS: Readonly<Record<Kind, symbol>> = { number: Symbol('number fields'), list: Symbol('list fields') };

/** Marks a field as numeric: in a form, its text is parsed as a number. */
export const NumberField = (): PropertyDecorator => ofKind('number');

/** Marks a field as a list of texts: in a form, it may be repeated, and its text is split at commas. */
export const ListField = (): PropertyDecorator => ofKind('list');

/**
 * The fields of a class that are of a kind.
 *
 * @param prototype of the class
 */
export const fieldsOfKind = (kind: Kind, prototype: object): readonly string[] =>
  (Reflect.getMetadata(KINDS[kind], prototype) as readonly string[] | undefined) ?? [];

const ofKind =
  (kind: Kind): PropertyDecorator =>
  (target, name) => {
    Reflect.defineMetadata(KINDS[kind], [...fieldsOfKind(kind, target), String(name)], target);
  };
