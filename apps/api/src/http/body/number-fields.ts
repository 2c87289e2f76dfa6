import 'reflect-metadata';

const NUMBER_FIELDS = Symbol('number fields');

/** Says of a field that it is a number: a form, which knows texts only, has it read as one. */
export function NumberField(): PropertyDecorator {
  return (target, name) => {
    Reflect.defineMetadata(NUMBER_FIELDS, [...numberFields(target), String(name)], target);
  };
}

/** The fields of a class that are numbers. @param prototype of the class */
export const numberFields = (prototype: object): readonly string[] =>
  (Reflect.getMetadata(NUMBER_FIELDS, prototype) as readonly string[] | undefined) ?? [];
