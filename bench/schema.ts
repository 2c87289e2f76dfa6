import { join } from 'node:path';
import { Service } from '../test/support/service.js';
import { commandLine } from './command-line.mjs';
import { pythonTool, run, TOOLS } from './python-tool.js';
import { SCHEMA } from './tools.mjs';

/*
 * `npm run test:schema`: schemathesis generates valid and invalid requests from /openapi.json and checks that the
 * running service responds as documented. It is installed into .tools on first use, which requires Python 3.10 or
 * newer.
 */

const VERSION = '4.32.5';

/**
 * Does not check that every request that fits the schema is accepted: a schema cannot say that a text must be the
 * base64 of a photograph with a face.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
];

const MAX_EXAMPLES = '100';
const SEED = '1';

commandLine(SCHEMA);
const programs = await pythonTool('schemathesis', VERSION);
const service = await Service.start({ COMPATIBILITY: 'compreface,deepface' });
const parameters = [
  'run',
  `${service.url}/openapi.json`,
  ...['--phases', 'examples,coverage,fuzzing'],
  ...['--checks', CHECKS.join(',')],
  ...['--max-examples', MAX_EXAMPLES],
  ...['--seed', SEED],
  '--continue-on-failure',
];
// It keeps its cache in its working directory.
process.exitCode = await run(join(programs, 'schemathesis'), parameters, { folder: join(TOOLS, 'schemathesis') });
await service.stop();
