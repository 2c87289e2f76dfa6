import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsNumber, Max, Min, ValidateIf } from 'class-validator';
import { BooleanField, NumberField } from './field-kinds.js';

/** An optional field. Unlike IsOptional, rejects null, which the OpenAPI document does not allow. */
export const OptionalField = (): PropertyDecorator => (target, name) => {
  ValidateIf((options: Readonly<Record<string | symbol, unknown>>) => options[name] !== undefined)(target, name);
};

/** An optional number from `min` to `max`. */
export function OptionalNumber(name: string, min: number, max: number): PropertyDecorator {
  const message = `${name} must be a number from ${min} to ${max}`;
  return applyDecorators(
    NumberField(),
    OptionalField(),
    IsNumber({}, { message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** An optional integer from `min` to `max`. */
export function OptionalInteger(name: string, min: number, max: number): PropertyDecorator {
  const message = `${name} must be an integer from ${min} to ${max}`;
  return applyDecorators(
    NumberField(),
    OptionalField(),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** An optional `true` or `false`. */
export const OptionalBoolean = (name: string): PropertyDecorator =>
  applyDecorators(BooleanField(), OptionalField(), IsBoolean({ message: `${name} must be true or false` }));

/** An optional text, one of `values`. */
export const OptionalChoice = (name: string, values: readonly string[]): PropertyDecorator =>
  applyDecorators(OptionalField(), IsIn(values, { message: `${name} must be one of ${values.join(', ')}` }));
