import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const report = process.env['VITEST_REPORT'];

/** Set by `npm run test:coverage`, which also wants to know what the services run that the tests start. */
const withCoverage = process.env['COVERAGE'] !== undefined;

/** `unit` needs nothing but the sources and the models; `e2e` starts the built service. */
export default defineConfig({
  resolve: {
    alias: {
      '#face/build-calibration': source('libs/face/src/comparison/build-calibration.ts'),
      '#face/native': source('libs/face/src/native.ts'),
      '#face': source('libs/face/src/index.ts'),
      '#inference': source('libs/inference/src/index.ts'),
    },
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes at once on an idle machine, and in its time on a busy one.
    expect: { poll: { timeout: 10_000 } },
    // The models and the service use the cores themselves.
    maxWorkers: 2,
    reporters: report === undefined ? ['default'] : ['default', ['junit', { outputFile: report }]],
    coverage: {
      enabled: withCoverage,
      include: ['{apps,libs}/*/src/**/*.ts'],
      exclude: ['**/*.fixture.ts'],
      // .ci/coverage.mjs reads it and judges.
      reporter: ['json'],
    },
    projects: [
      { extends: true, test: { name: 'unit', include: ['{apps,libs,bench,k6}/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          fileParallelism: false,
          env: withCoverage ? { NODE_V8_COVERAGE: source('coverage/services') } : {},
        },
      },
    ],
  },
});
