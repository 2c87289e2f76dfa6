import 'reflect-metadata';

/** What a field holds if it is not text. Forms carry only text, so it is converted there. */
type Kind = 'number' | 'boolean' | 'list';

const KINDS: Readonly<Record<Kind, symbol>> = {
  number: Symbol('number fields'),
  boolean: Symbol('boolean fields'),
  list: Symbol('list fields'),
};

/** Marks a field as numeric: in a form, its text is parsed as a number. */
export const NumberField = (): PropertyDecorator => ofKind('number');

/** Marks a field as true or false: in a form, it is one of these words, in any case. */
export const BooleanField = (): PropertyDecorator => ofKind('boolean');

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
