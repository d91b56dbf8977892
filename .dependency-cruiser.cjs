/*
 * Who may import whom. One rule for each arrow that must not exist; types count as imports.
 * tests/architecture/import-rules.test.ts plants a violation of every rule below and sees it refused.
 */

/** Packages the engine may use: SQLite, libsodium, zod, and libraries that only write. */
const CORE_PACKAGES = [
  '@signalapp/sqlcipher',
  'sodium-native',
  'libsodium-wrappers-sumo',
  'zod',
  'pdfkit',
  'docx',
  'yazl',
  'age-encryption',
  'dejavu-fonts-ttf',
  'source-sans',
  '@scure/bip39',
  'shamir-secret-sharing',
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  '@zxcvbn-ts/language-en',
  '@zxcvbn-ts/language-es-es',
  'tldts',
  'lossless-json',
];
/** Packages that read the inside of foreign files: the parser process only. */
const FOREIGN_FORMAT_PACKAGES = [
  'sharp',
  'mupdf',
  'tesseract\\.js',
  '@tesseract\\.js-data',
  'unpdf',
  'pdfjs-dist',
  'heic-decode',
  'libheif-js',
  'yauzl',
  'file-type',
];
const escape = (name) => name.replace(/[.]/g, '\\.');
const npm = (names) => `(^|/)node_modules/(@types/)?(${names.join('|')})(/|$)`;
const NPM_TYPES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const TESTS = '\\.test\\.tsx?$|^tests/|/testing/|/test-support/';
const NETWORK = '^(node:)?(http|https|http2|net|tls|dgram|dns|dns/promises|inspector)$';
const COMPUTER = '^(node:)?(fs|fs/promises|child_process|cluster|os)$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one thing in two places: move the shared part out.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere: a missing file, or a package that is not in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shared-imports-zod-only',
      comment: 'shared/ runs in every process, so it may use nothing that one of them lacks.',
      severity: 'error',
      from: { path: '^shared/', pathNot: TESTS },
      to: { pathNot: `^shared/|^resources/|${npm(['zod'])}` },
    },
    {
      name: 'renderer-knows-shared-only',
      comment: 'A screen knows the contract, not the engine: call a method of shared/contract.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: TESTS },
      to: { path: '^electron/|^tests/|^scripts/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'The renderer is sandboxed: no Node, no Electron, no native package.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: TESTS },
      to: {
        path: `${npm(['electron', '@signalapp/sqlcipher', 'sodium-native', ...FOREIGN_FORMAT_PACKAGES])}`,
      },
    },
    {
      name: 'renderer-without-node-modules-of-the-platform',
      comment: 'Node modules do not exist in the sandboxed renderer.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ui-without-features',
      comment: 'renderer/ui is the design system: it knows no feature word.',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { path: '^renderer/(features|app|api)/' },
    },
    {
      name: 'preload-knows-the-contract-only',
      comment: 'The preload stays small: contract names and electron, nothing else.',
      severity: 'error',
      from: { path: '^electron/preload/', pathNot: TESTS },
      to: { pathNot: `^electron/preload/|^shared/contract/|${npm(['electron'])}` },
    },
    {
      name: 'core-knows-core-and-shared',
      comment:
        'The engine runs in any host: it may not know shell, parser, preview, command line or screens.',
      severity: 'error',
      from: { path: '^electron/core/', pathNot: TESTS },
      to: { path: '^(electron/(?!core/|matching/)|renderer/|tests/|scripts/)' },
    },
    {
      name: 'core-without-foreign-formats',
      comment:
        'The process that holds the keys never opens the inside of a foreign file: send the bytes to the parser.',
      severity: 'error',
      from: { path: '^electron/core/' },
      to: { path: npm(FOREIGN_FORMAT_PACKAGES) },
    },
    {
      name: 'core-packages',
      comment: 'Every package in the engine can read the keys: the list is short and changed on purpose.',
      severity: 'error',
      from: { path: '^electron/core/', pathNot: TESTS },
      to: {
        dependencyTypes: NPM_TYPES,
        pathNot: npm([...CORE_PACKAGES.map(escape), ...FOREIGN_FORMAT_PACKAGES]),
      },
    },
    {
      name: 'core-through-ports',
      comment:
        'Disk, processes and the computer are behind electron/core/ports; adapters live in ports/node.',
      severity: 'error',
      from: {
        path: '^electron/core/',
        pathNot: `^electron/core/(ports/node/|process\\.ts$)|${TESTS}`,
      },
      to: { path: COMPUTER, dependencyTypes: ['core'] },
    },
    {
      name: 'features-through-index',
      comment: 'A feature uses another one only through its index.ts.',
      severity: 'error',
      from: { path: '^electron/core/features/([^/]+)/', pathNot: TESTS },
      to: {
        path: '^electron/core/features/[^/]+/',
        pathNot: '^electron/core/features/($1/|[^/]+/index\\.ts$)',
      },
    },
    {
      name: 'features-from-outside-through-index',
      comment: 'What is not a feature reaches features only through their index.ts.',
      severity: 'error',
      from: { path: '^electron/core/', pathNot: `^electron/core/features/|${TESTS}` },
      to: { path: '^electron/core/features/[^/]+/', pathNot: '^electron/core/features/[^/]+/index\\.ts$' },
    },
    {
      name: 'parser-without-engine',
      comment: 'The parser holds no keys and must not be able to: it knows shared/ and its own libraries.',
      severity: 'error',
      from: { path: '^electron/parser/', pathNot: TESTS },
      to: {
        path: `^electron/(?!parser/|matching/)|^renderer/|${npm(['@signalapp/sqlcipher', 'sodium-native', 'electron'])}`,
      },
    },
    {
      name: 'matching-stands-alone',
      comment:
        'Comparing with indicators runs where the keys are and where foreign files are: it knows neither.',
      severity: 'error',
      from: { path: '^electron/matching/', pathNot: `^electron/matching/suffix-list\\.ts$|${TESTS}` },
      to: { pathNot: `^electron/matching/|^shared/|^resources/|^(node:)?url$|${npm(['tldts'])}` },
    },
    {
      name: 'matching-loads-one-list',
      comment:
        'The public suffix list is loaded when it is needed, in one file that knows nothing but the way to load it.',
      severity: 'error',
      from: { path: '^electron/matching/suffix-list\\.ts$' },
      to: { pathNot: `^(node:)?module$|${npm(['tldts'])}` },
    },
    {
      name: 'main-knows-the-entrance-only',
      comment:
        'The shell knows no method and no feature: the entrance of the engine and its port types only.',
      severity: 'error',
      from: { path: '^electron/main/', pathNot: TESTS },
      to: {
        path: '^electron/(?!main/)|^renderer/',
        pathNot: '^electron/core/(create-core|process|ports/.*)\\.ts$',
      },
    },
    {
      name: 'main-without-libraries',
      comment: 'The shell stays thin: Electron, Node and shared/.',
      severity: 'error',
      from: { path: '^electron/main/', pathNot: TESTS },
      to: { dependencyTypes: NPM_TYPES, pathNot: npm(['electron', 'zod', '@types/node']) },
    },
    {
      name: 'preview-stands-alone',
      comment:
        "The stand-in for Electron knows Electron's types and playwright-core, and nothing of the product.",
      severity: 'error',
      from: { path: '^electron/preview/', pathNot: TESTS },
      to: { path: '^(electron/(?!preview/)|renderer/)' },
    },
    {
      name: 'preview-packages',
      comment: "The stand-in uses playwright-core to drive an installed Chromium, and Electron's types.",
      severity: 'error',
      from: { path: '^electron/preview/', pathNot: TESTS },
      to: {
        dependencyTypes: NPM_TYPES,
        pathNot: npm(['electron', 'playwright-core', 'playwright', '@types/node']),
      },
    },
    {
      name: 'preview-is-never-packaged',
      comment: 'Only tests and scripts may load the stand-in.',
      severity: 'error',
      from: { pathNot: '^(electron/preview/|tests/|scripts/|.*\\.config\\.)' },
      to: { path: '^electron/preview/' },
    },
    {
      name: 'cli-through-the-entrance',
      comment:
        'The command line does what a person can do: through createCore and the contract, no side door.',
      severity: 'error',
      from: { path: '^electron/cli/', pathNot: TESTS },
      to: {
        path: '^(electron/(?!cli/)|renderer/|tests/)',
        pathNot: '^electron/core/((create-core|indicator-matching)\\.ts$|ports/|crypto/load-crypto\\.ts$)',
      },
    },
    {
      name: 'electron-in-shell-only',
      comment: 'Only main, preload and preview may name electron, even as a type.',
      severity: 'error',
      from: { pathNot: '^(electron/(main|preload|preview)/|tests/|scripts/|.*\\.config\\.)' },
      to: { path: npm(['electron']) },
    },
    {
      name: 'end-to-end-through-the-application',
      comment: 'End-to-end tests see the application from outside, and look into a vault through createCore.',
      severity: 'error',
      from: { path: '^tests/(e2e|pages)/' },
      to: {
        path: '^(electron/core/|electron/parser/|renderer/)',
        pathNot: '^electron/core/(create-core\\.ts$|ports/)',
      },
    },
    {
      name: 'silent',
      comment: 'Resguardo opens no connection: no module of the network, anywhere in the product.',
      severity: 'error',
      /* The parser's fence imports them to take their functions away; the other asks what an address is (see ESLint). */
      from: {
        path: '^(electron|shared|renderer)/',
        pathNot: `^electron/parser/(fence|indicator-list)\\.ts$|${TESTS}`,
      },
      to: { path: NETWORK, dependencyTypes: ['core'] },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What is shipped never imports a test.',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: TESTS },
      to: { path: '\\.test\\.tsx?$|^tests/' },
    },
    {
      name: 'shipped-packages-are-dependencies',
      comment:
        'The engine, the parser and the command line run from installed dependencies, never from development ones.',
      severity: 'error',
      from: { path: '^(electron/(core|parser|cli)|shared)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: npm(['@types/.*']) },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|\\.build|demo-output)/' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
