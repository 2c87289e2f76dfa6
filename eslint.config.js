import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Inner rings never import outer ones: face knows nothing of inference, inference nothing of the API. */
const ring = (files, forbidden, message) => ({
  files: [files],
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }] },
});

/** The folders of the API, each of which may import those before it. */
const LAYERS = [
  'config',
  'errors',
  'inference',
  'logging',
  'cluster',
  'metrics',
  'security',
  'http',
  'faces',
  'comparison',
  'compatibility',
  'health',
  'openapi',
  'page',
];

const layers = LAYERS.map((folder, i) => {
  const above = ['app\\.module', 'server', 'service', 'service-process', 'main', 'launch', ...LAYERS.slice(i + 1)].join(
    '|',
  );
  const regex = `\\.\\./(?:${above})(?:/|\\.js)`;
  return ring(`apps/api/src/${folder}/**/*.ts`, regex, `apps/api/src/${folder} imports nothing above it.`);
});

/** One file only may import onnxruntime-node, and only the configuration may read the environment. */
const onlyIn = (ignores, rules) => ({ files: ['apps/**/*.ts', 'libs/**/*.ts'], ignores, rules });

export default tseslint.config(
  // The kernels' language is AssemblyScript, whose own compiler checks it; bench/clients is compiled with a generated client, and schema.ts is generated.
  {
    ignores: [
      'dist/',
      'coverage/',
      'node_modules/',
      '.tools/',
      '.k6/',
      'libs/face/kernels/',
      'bench/clients/',
      'clients/*/dist/',
      'clients/typescript/src/schema.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest modules and decorators are classes without members.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowStaticOnly: true }],
      // DTO classes describe shapes to Nest; the objects sent are literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
    },
  },
  ring('libs/face/**/*.ts', '(#inference|@nestjs/|piscina|/apps/|/inference/)', 'libs/face is the innermost ring.'),
  ring('libs/inference/**/*.ts', '(@nestjs/|/apps/)', 'libs/inference does not know the API.'),
  ring('apps/api/**/*.ts', '/cli/', 'apps/api does not know the command line.'),
  ...layers,
  onlyIn(['libs/face/src/runtime/onnx-model.ts'], {
    'no-restricted-imports': ['error', { name: 'onnxruntime-node', message: 'Use OnnxModel.' }],
  }),
  onlyIn(['apps/api/src/config/*.ts', 'libs/face/src/runtime/no-telemetry.ts'], {
    'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Use Settings.' }],
  }),
  // What people read on their terminals.
  {
    files: ['apps/api/src/main.ts', 'bin/*.mjs', 'bench/**/*.ts', 'test/**/*.ts', 'k6/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: globals.node, parserOptions: { projectService: false } },
  },
  // Plain JavaScript with JSDoc: tsc checks its types and names.
  {
    files: ['k6/{command,lib}/*.mjs', 'bench/*.mjs'],
    rules: { 'no-console': 'off', 'no-undef': 'off', '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  prettier,
);
