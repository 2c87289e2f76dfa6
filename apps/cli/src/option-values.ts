import { EnvError } from 'envalid';
import { InvalidArgumentError, Option } from 'commander';
import { between, type Kind, severalOf } from '../../api/src/config/setting-kinds.js';
import { DETECTOR_VALUES, type DetectorValue } from '../../api/src/faces/detector-field.js';
import { FACE_WARNINGS } from '#face';

/** Options that every command on photographs has. Those left out are the service's settings. */
export interface CommonOptions {
  readonly detector?: DetectorValue;
  /** 0 to 1. */
  readonly minConfidence?: number;
  /** Whether to print the service's answer instead of words. */
  readonly json?: boolean;
}

/** An option whose value is of a kind that settings know, too. */
export const valueOption = <T>(flags: string, description: string, { allowed, parse }: Kind<T>): Option =>
  new Option(flags, description).argParser((text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof EnvError) throw new InvalidArgumentError(`It must be ${allowed}.`);
      throw error;
    }
  });

/** The {@link CommonOptions}. */
export const commonOptions = (): Option[] => [
  new Option('--detector <name>', 'what finds the faces').choices(Object.keys(DETECTOR_VALUES)),
  valueOption('--min-confidence <share>', 'faces with a lower confidence do not count', between(0, 1)),
  new Option('--json', 'print the answer of the REST service'),
];

/** `--reject-on`. */
export const rejectOnOption = (): Option =>
  valueOption('--reject-on <warnings>', 'refuse faces with one of these warnings', severalOf(FACE_WARNINGS));
