import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * Whatever the shell and the preload use of Electron must stand in the preview too, or the same code does not
 * run there. The uses are read from the types: every name that main takes from `electron` and every member
 * of a thing that Electron declares.
 */
const root = resolve(import.meta.dirname, '..', '..');

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name));

const usedOfElectron = (): Set<string> => {
  const files = [...sources(join(root, 'electron/main')), ...sources(join(root, 'electron/preload'))];
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    resolveJsonModule: true,
    types: ['node'],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  });
  const checker = program.getTypeChecker();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const declaration = checker.getSymbolAtLocation(node.name)?.declarations?.[0];
      const owner = declaration?.parent;
      if (
        declaration?.getSourceFile().fileName.endsWith('electron.d.ts') === true &&
        owner !== undefined &&
        (ts.isClassDeclaration(owner) || ts.isInterfaceDeclaration(owner))
      ) {
        used.add(`${owner.name?.text ?? ''}.${node.name.text}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) {
    const source = program.getSourceFile(file);
    if (source !== undefined) visit(source);
  }
  return used;
};

/** Plain data that Electron hands to listeners and hooks: the preview gives objects of that shape inline. */
const DATA =
  /^(Event|Input|.*Details|.*Params|.*Options|.*Result|.*Return\w*|.*Event|.*Parameters|ProtocolRequest|ProcessMetric|MemoryInfo)\./;
/** Members of Node's own base classes. */
const INHERITED = new Set(['on', 'once', 'off', 'emit', 'removeListener']);

describe('the preview has what the shell uses', () => {
  const used = [...usedOfElectron()].filter((name) => !DATA.test(name));
  const preview = sources(join(root, 'electron/preview'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

  it('finds the uses at all', () => {
    expect(used).toEqual(
      expect.arrayContaining(['BrowserWindow.hide', 'WebContents.postMessage', 'App.whenReady']),
    );
    expect(used.length).toBeGreaterThan(40);
  });

  it.each(used)('%s', (name) => {
    const member = name.split('.')[1] ?? '';
    const defined = new RegExp(`(?:^|\\s|get |async )${member}(?:\\(|:|\\s*=| \\{|,)`, 'm');
    expect(INHERITED.has(member) || defined.test(preview), `${name} is missing in electron/preview`).toBe(
      true,
    );
  });
});
