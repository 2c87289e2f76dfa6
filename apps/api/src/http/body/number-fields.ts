import 'reflect-metadata';

const NUMBER_FIELDS = Symbol('number fields');

/** Marks a field as numeric. Forms carry only text, so its value is parsed as a number there. */
export function NumberField(): PropertyDecorator {
  return (target, name) => {
    Reflect.defineMetadata(NUMBER_FIELDS, [...numberFields(target), String(name)], target);
  };
}

/**
 * The numeric fields of a class.
 *
 * @param prototype of the class
 */
export const numberFields = (prototype: object): readonly string[] =>
  (Reflect.getMetadata(NUMBER_FIELDS, prototype) as readonly string[] | undefined) ?? [];
