import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { resguardoRules } from './scripts/lint/rules.mjs';
import { SQL_ELSEWHERE } from './scripts/lint/sql-elsewhere.mjs';

/*
 * Layers and features are kept apart by .dependency-cruiser.cjs; this file keeps names and language.
 * Every ban says what to do instead. tests/architecture/lint-bans.test.ts plants one violation of each.
 */

/** Bans that hold in every folder. */
export const everywhere = [
  {
    selector: 'TSEnumDeclaration',
    message: 'No enum: use an `as const` object or array and a union of its values.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Named exports only: a thing has one name in the whole project.',
  },
  {
    selector:
      "CallExpression[callee.property.name='openExternal'], ImportSpecifier[imported.name='openExternal']",
    message:
      'Links in evidence and text are never opened: show the address as text that can be copied. openExternal also starts other programs.',
  },
  {
    selector:
      "CallExpression[callee.name='eval'], NewExpression[callee.name='Function'], CallExpression[callee.name='Function']",
    message: 'No code from text: parse data with a zod schema.',
  },
  {
    selector:
      "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/], JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'No HTML from text: a narrative could bring a script. Render text as React children.',
  },
  {
    selector: 'TSAsExpression > TSAnyKeyword, TSTypeAssertion > TSAnyKeyword',
    message: 'No `as any`: parse what is unknown with a zod schema, or narrow it.',
  },
];

/** Electron's channels: one bridge checks sender, origin and size, so nobody else may open another door. */
export const bridgeOnly = [
  {
    selector:
      "ImportSpecifier[imported.name='ipcMain'], MemberExpression[property.name='ipcMain'], ImportDeclaration[source.value='electron'] > :matches(ImportNamespaceSpecifier, ImportDefaultSpecifier)",
    message:
      'ipcMain is used in electron/main/bridge only, where the sender, its origin and the size of every message are checked. Import other parts of electron by name.',
  },
  {
    selector: "CallExpression[callee.object.property.name='webContents'][callee.property.name='send']",
    message: 'Events go to the window through electron/main/bridge only.',
  },
];

export const preloadOnly = [
  {
    selector: "ImportSpecifier[imported.name='ipcRenderer'], MemberExpression[property.name='ipcRenderer']",
    message: 'ipcRenderer stays inside electron/preload; screens use the generated client in renderer/api.',
  },
];

/** The core takes time, chance and disk from its ports, so that tests can hand in others. */
export const coreOnly = [
  {
    selector:
      "MemberExpression[object.name='Date'][property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The core asks ports.clock for the time.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'The core asks ports.random: Math.random can be guessed.',
  },
  {
    selector:
      "MemberExpression[object.name='crypto'][property.name=/^random/], ImportDeclaration[source.value=/^(node:)?crypto$/] > ImportSpecifier[imported.name=/^random/]",
    message: 'The core asks ports.random, so that tests can hand in a seeded one.',
  },
  {
    selector: "MemberExpression[object.name='performance'][property.name='now']",
    message: 'The core asks ports.clock.monotonic().',
  },
];

const noDisk = {
  paths: [
    'fs',
    'node:fs',
    'fs/promises',
    'node:fs/promises',
    'child_process',
    'node:child_process',
    'os',
    'node:os',
  ].map((name) => ({
    name,
    message:
      'The core reaches disk, processes and the computer through electron/core/ports; adapters live in ports/node.',
  })),
};

const off = (...names) => Object.fromEntries(names.map((name) => [name, 'off']));
const restrict = (...lists) => ['error', ...lists.flat()];

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'dist/**',
      '.build/**',
      'node_modules/**',
      'demo-output/**',
      'coverage/**',
      'tests/fixtures/**',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { resguardo: resguardoRules },
    rules: {
      'resguardo/file-name': 'error',
      'resguardo/long-file': 'warn',
      'resguardo/reasoned-disable': 'error',
      'max-lines': ['error', { max: 500 }],
      'no-restricted-syntax': restrict(everywhere),
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-new-func': 'error',
      'no-implied-eval': 'error',
      'no-debugger': 'error',
      'no-alert': 'error',
      'no-control-regex': 'error',
      'no-misleading-character-class': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-loss-of-precision': 'error',
      'no-self-compare': 'error',
      'no-cond-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-fallthrough': 'error',
      'no-empty': 'error',
      'no-sparse-arrays': 'error',
      'no-promise-executor-return': 'off',
      'require-yield': 'error',
      'no-useless-catch': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      /* A port is a set of functions that may answer at once or later: the node adapter need not await. */
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/unbound-method': 'off',
      /* Disagrees with the compiler about generic calls whose result is asserted. */
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  {
    files: ['electron/**/*.ts', 'renderer/**/*.{ts,tsx}', 'shared/**/*.ts'],
    rules: { 'no-restricted-syntax': restrict(everywhere, bridgeOnly, preloadOnly) },
  },
  {
    files: ['electron/parser/**/*.ts'],
    ignores: ['electron/parser/fence.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['net', 'node:net'].map((name) => ({
            name,
            allowImportNames: ['isIP', 'isIPv4', 'isIPv6'],
            message: 'Nothing here opens a connection; only asking whether a text is an address is fine.',
          })),
        },
      ],
    },
  },
  {
    files: ['electron/main/bridge/**/*.ts'],
    rules: { 'no-restricted-syntax': restrict(everywhere, preloadOnly) },
  },
  {
    files: ['electron/preload/**/*.ts'],
    rules: { 'no-restricted-syntax': restrict(everywhere, bridgeOnly) },
  },
  {
    /* The stand-in implements Electron's channels, so it must be able to name them. */
    files: ['electron/preview/**/*.ts'],
    rules: { 'no-restricted-syntax': restrict(everywhere) },
  },
  {
    files: ['electron/core/**/*.ts', 'shared/**/*.ts'],
    ignores: [
      'electron/core/ports/node/**',
      '**/*.test.ts',
      'electron/core/testing/**',
      '**/test-support/**',
    ],
    rules: {
      'no-restricted-syntax': restrict(everywhere, bridgeOnly, preloadOnly, coreOnly),
      'no-restricted-imports': ['error', noDisk],
      'no-console': 'error',
      'resguardo/no-sql-here': 'error',
    },
  },
  ...(SQL_ELSEWHERE.length === 0
    ? []
    : [{ files: [...SQL_ELSEWHERE], rules: { 'resguardo/no-sql-here': ['error', { boundOnly: true }] } }]),
  {
    files: [
      'electron/core/db/**/*.ts',
      'electron/core/migrations/**/*.ts',
      'electron/core/**/*-repo.ts',
      'electron/core/**/*-repository.ts',
    ],
    rules: off('resguardo/no-sql-here'),
  },
  {
    /* The forked entrance is the seam between the core and the process it lives in. */
    files: ['electron/core/process.ts'],
    rules: off('no-restricted-imports'),
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'react-hooks/purity': 'warn',
      'react-hooks/refs': 'warn',
      'react-hooks/set-state-in-render': 'error',
      'react-hooks/static-components': 'warn',
      'no-console': 'error',
      'resguardo/no-visible-text': 'error',
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'tests/**/*.{ts,tsx}'],
    rules: {
      ...off('resguardo/no-visible-text', 'resguardo/no-sql-here', 'no-console'),
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    /* Pages that attack the window's cage do on purpose what nobody else may. */
    files: ['tests/e2e/cage/pages/**'],
    rules: off('no-restricted-syntax', 'no-new-func', 'no-implied-eval'),
  },
  {
    /* Tools that load a configuration ask for its default export. */
    files: [
      '**/*.config.{ts,js}',
      '**/*.config.*.ts',
      'scripts/lint/*.mjs',
      '.dependency-cruiser.cjs',
      '**/*.d.ts',
    ],
    rules: off('no-restricted-syntax', 'resguardo/file-name'),
  },
  {
    files: ['*.config.ts', '*.config.*.ts', 'scripts/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
);
