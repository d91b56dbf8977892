import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const config = require('../../.dependency-cruiser.cjs') as IConfiguration;

/** A small tree that breaks nothing; every plant adds one or two files to it. */
const CLEAN: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'plant',
    type: 'module',
    dependencies: {
      zod: '1.0.0',
      sharp: '1.0.0',
      'sodium-native': '1.0.0',
      pdfkit: '1.0.0',
      mupdf: '1.0.0',
      yazl: '1.0.0',
    },
    devDependencies: {
      electron: '1.0.0',
      react: '1.0.0',
      'playwright-core': '1.0.0',
      vitest: '1.0.0',
      'fast-check': '1.0.0',
    },
    imports: { '#shared/*': './shared/*' },
  }),
  'shared/contract/cases.ts': "import { z } from 'zod';\nexport const cases = z;",
  'shared/model/id.ts': 'export type Id = string;',
  'electron/core/create-core.ts': "export { cases } from './features/cases/index.ts';",
  'electron/core/ports/index.ts': 'export interface Ports { readonly a: string }',
  'electron/core/ports/node/disk.ts': "import { open } from 'node:fs/promises';\nexport const disk = open;",
  'electron/core/features/cases/index.ts': "export { cases } from '#shared/contract/cases.ts';",
  'electron/core/features/people/index.ts': "export { people } from './record-person.ts';",
  'electron/core/features/people/record-person.ts':
    "import { cases } from '../cases/index.ts';\nimport sodium from 'sodium-native';\nimport pdf from 'pdfkit';\nexport const people = [cases, sodium, pdf];",
  'electron/core/features/people/record-person.test.ts':
    "import { it } from 'vitest';\nimport fs from 'node:fs';\nit('', () => fs);",
  'electron/parser/image.ts': "import sharp from 'sharp';\nexport const image = sharp;",
  'electron/main/index.ts':
    "import { app } from 'electron';\nimport type { Ports } from '../core/ports/index.ts';\nimport { cases } from '../core/create-core.ts';\nexport const main = [app, cases] as unknown as Ports;",
  'electron/preload/index.ts':
    "import { contextBridge } from 'electron';\nimport { cases } from '#shared/contract/cases.ts';\nexport const preload = [contextBridge, cases];",
  'electron/preview/index.ts':
    "import type { App } from 'electron';\nimport { chromium } from 'playwright-core';\nexport const preview = chromium as unknown as App;",
  'electron/cli/index.ts': "import { cases } from '../core/create-core.ts';\nexport const cli = cases;",
  'renderer/ui/Button.tsx': "import react from 'react';\nexport const Button = react;",
  'renderer/features/cases/CaseList.tsx':
    "import { Button } from '../../ui/Button.tsx';\nimport { cases } from '#shared/contract/cases.ts';\nexport const CaseList = [Button, cases];",
  'tests/e2e/open.test.ts':
    "import { cases } from '../../electron/core/create-core.ts';\nexport const open = cases;",
};
for (const name of [
  'zod',
  'sharp',
  'sodium-native',
  'pdfkit',
  'mupdf',
  'yazl',
  'electron',
  'react',
  'playwright-core',
  'vitest',
  'fast-check',
]) {
  CLEAN[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
  CLEAN[`node_modules/${name}/index.js`] = 'module.exports = {};';
}

/** For each rule: the files that break it. Several entries where a rule has several ways to be broken. */
const PLANTS: Record<string, Record<string, string>[]> = {
  'no-cycle': [
    {
      'shared/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;",
      'shared/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;",
    },
  ],
  resolvable: [{ 'shared/a.ts': "import { gone } from './gone.ts';\nexport const a = gone;" }],
  'shared-imports-zod-only': [
    { 'shared/a.ts': "import fs from 'node:path';\nexport const a = fs;" },
    {
      'shared/a.ts':
        "import type { cases } from '../electron/core/create-core.ts';\nexport type A = typeof cases;",
    },
    { 'shared/a.ts': "import pdf from 'pdfkit';\nexport const a = pdf;" },
  ],
  'renderer-knows-shared-only': [
    {
      'renderer/api/a.ts':
        "import type { Ports } from '../../electron/core/ports/index.ts';\nexport type A = Ports;",
    },
  ],
  'renderer-without-node': [
    { 'renderer/api/a.ts': "import sodium from 'sodium-native';\nexport const a = sodium;" },
  ],
  'renderer-without-node-modules-of-the-platform': [
    { 'renderer/api/a.ts': "import path from 'node:path';\nexport const a = path;" },
  ],
  'ui-without-features': [
    {
      'renderer/ui/List.tsx':
        "import { CaseList } from '../features/cases/CaseList.tsx';\nexport const List = CaseList;",
    },
  ],
  'preload-knows-the-contract-only': [
    { 'electron/preload/a.ts': "import type { Id } from '#shared/model/id.ts';\nexport type A = Id;" },
    { 'electron/preload/a.ts': "import path from 'node:path';\nexport const a = path;" },
  ],
  'core-knows-core-and-shared': [
    { 'electron/core/a.ts': "import type { main } from '../main/index.ts';\nexport type A = typeof main;" },
    { 'electron/core/a.ts': "import { image } from '../parser/image.ts';\nexport const a = image;" },
  ],
  'core-without-foreign-formats': [
    { 'electron/core/a.ts': "import sharp from 'sharp';\nexport const a = sharp;" },
    { 'electron/core/a.test.ts': "import mupdf from 'mupdf';\nexport const a = mupdf;" },
    { 'electron/core/a.ts': "export const a = async (): Promise<unknown> => import('mupdf');" },
  ],
  'core-packages': [{ 'electron/core/a.ts': "import react from 'react';\nexport const a = react;" }],
  'core-through-ports': [
    { 'electron/core/a.ts': "import { readFile } from 'node:fs/promises';\nexport const a = readFile;" },
    {
      'electron/core/features/cases/a.ts': "import { spawn } from 'child_process';\nexport const a = spawn;",
    },
  ],
  'features-through-index': [
    {
      'electron/core/features/cases/a.ts':
        "import { people } from '../people/record-person.ts';\nexport const a = people;",
    },
    {
      'electron/core/features/cases/a.ts':
        "export type A = typeof import('../people/record-person.ts').people;",
    },
  ],
  'features-from-outside-through-index': [
    {
      'electron/core/api/a.ts':
        "import { people } from '../features/people/record-person.ts';\nexport const a = people;",
    },
  ],
  'parser-without-engine': [
    { 'electron/parser/a.ts': "import sodium from 'sodium-native';\nexport const a = sodium;" },
    {
      'electron/parser/a.ts': "import type { Ports } from '../core/ports/index.ts';\nexport type A = Ports;",
    },
  ],
  'matching-stands-alone': [
    {
      'electron/matching/a.ts':
        "import type { Ports } from '../core/ports/index.ts';\nexport type A = Ports;",
    },
    { 'electron/matching/a.ts': "import { image } from '../parser/image.ts';\nexport const a = image;" },
    { 'electron/matching/a.ts': "import pdf from 'pdfkit';\nexport const a = pdf;" },
    {
      'electron/matching/a.ts':
        "import { createRequire } from 'node:module';\nexport const a = createRequire(import.meta.url);",
    },
  ],
  'matching-loads-one-list': [
    {
      'electron/matching/suffix-list.ts':
        "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
    },
    {
      'electron/matching/suffix-list.ts':
        "import { matcher } from './matcher.ts';\nexport const a = matcher;",
    },
  ],
  'main-knows-the-entrance-only': [
    {
      'electron/main/a.ts':
        "import { cases } from '../core/features/cases/index.ts';\nexport const a = cases;",
    },
    { 'electron/main/a.ts': "import { image } from '../parser/image.ts';\nexport const a = image;" },
  ],
  'main-without-libraries': [{ 'electron/main/a.ts': "import pdf from 'pdfkit';\nexport const a = pdf;" }],
  'preview-stands-alone': [
    { 'electron/preview/a.ts': "import { main } from '../main/index.ts';\nexport const a = main;" },
  ],
  'preview-packages': [{ 'electron/preview/a.ts': "import react from 'react';\nexport const a = react;" }],
  'preview-is-never-packaged': [
    { 'electron/main/a.ts': "import { preview } from '../preview/index.ts';\nexport const a = preview;" },
  ],
  'cli-through-the-entrance': [
    {
      'electron/cli/a.ts':
        "import { people } from '../core/features/people/index.ts';\nexport const a = people;",
    },
  ],
  'electron-in-shell-only': [
    { 'electron/core/a.ts': "import type { App } from 'electron';\nexport type A = App;" },
    { 'shared/a.ts': "import type { App } from 'electron';\nexport type A = App;" },
    { 'electron/cli/a.ts': "import { app } from 'electron';\nexport const a = app;" },
  ],
  'end-to-end-through-the-application': [
    {
      'tests/e2e/a.ts':
        "import { people } from '../../electron/core/features/people/index.ts';\nexport const a = people;",
    },
  ],
  silent: [
    { 'electron/main/a.ts': "import https from 'node:https';\nexport const a = https;" },
    { 'electron/core/a.ts': "import net from 'net';\nexport const a = net;" },
  ],
  'tests-stay-outside': [{ 'electron/cli/a.ts': "import '../core/features/people/record-person.test.ts';" }],
  'shipped-packages-are-dependencies': [
    { 'electron/cli/a.ts': "import react from 'react';\nexport const a = react;" },
  ],
};

const trees: string[] = [];
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** Writes a tree, cruises it with the project's own rules, and gives the names of the rules it breaks. */
const broken = async (files: Record<string, string>): Promise<string[]> => {
  const tree = mkdtempSync(join(tmpdir(), 'resguardo-imports-'));
  trees.push(tree);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const { output } = await cruise(
    ['electron', 'renderer', 'shared', 'tests'],
    { ...config.options, baseDir: tree, ruleSet: { forbidden: config.forbidden ?? [] }, validate: true },
    config.options?.enhancedResolveOptions,
  );
  const result = output as ICruiseResult;
  return [...new Set(result.summary.violations.map((violation) => violation.rule.name))];
};

describe('import rules', () => {
  it('lets the clean tree pass', async () => {
    expect(await broken(CLEAN)).toEqual([]);
  });

  it('has a plant for every rule, and no plant for a rule that is gone', () => {
    expect(Object.keys(PLANTS).sort()).toEqual(
      (config.forbidden ?? []).map((rule) => rule.name ?? '').sort(),
    );
  });

  for (const [rule, plants] of Object.entries(PLANTS)) {
    plants.forEach((plant, number) => {
      it(`refuses ${rule} (${number + 1})`, async () => {
        expect(await broken({ ...CLEAN, ...plant })).toContain(rule);
      });
    });
  }
});
