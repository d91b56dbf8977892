import { ESLint } from 'eslint';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
/* The type-aware part needs files that exist; here only names and syntax are judged. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.{ts,tsx}'],
      languageOptions: { parserOptions: { projectService: false, project: false } },
    },
  ],
  ruleFilter: ({ ruleId }) =>
    /^(resguardo\/|no-restricted|max-lines|no-console|react-hooks\/|@typescript-eslint\/(no-explicit-any|ban-ts-comment))/u.test(
      ruleId,
    ),
});

const judge = async (path: string, code: string): Promise<string[]> => {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  const fatal = result?.messages.find((message) => message.fatal === true);
  if (fatal !== undefined) throw new Error(`${path}: ${fatal.message}`);
  return (result?.messages ?? []).map((message) => `${message.ruleId ?? ''}: ${message.message}`);
};

interface Plant {
  readonly what: string;
  readonly path: string;
  readonly code: string;
  /** Part of the message that teaches. */
  readonly says: string;
}

const refused: Plant[] = [
  { what: 'an enum', path: 'shared/a.ts', code: 'export enum A { B }', says: 'No enum' },
  { what: 'a default export', path: 'shared/a.ts', code: 'export default 1;', says: 'Named exports only' },
  {
    what: 'openExternal',
    path: 'electron/main/a.ts',
    code: "import { shell } from 'electron';\nvoid shell.openExternal('x');",
    says: 'never opened',
  },
  { what: 'eval', path: 'electron/core/a.ts', code: "eval('1');", says: 'No code from text' },
  { what: 'new Function', path: 'renderer/a.ts', code: "new Function('1');", says: 'No code from text' },
  {
    what: 'innerHTML',
    path: 'renderer/a.ts',
    code: "document.body.innerHTML = '';",
    says: 'No HTML from text',
  },
  {
    what: 'dangerouslySetInnerHTML',
    path: 'renderer/A.tsx',
    code: "export const A = () => <p dangerouslySetInnerHTML={{ __html: '' }} />;",
    says: 'No HTML from text',
  },
  { what: 'as any', path: 'shared/a.ts', code: 'export const a = 1 as any;', says: 'No `as any`' },
  {
    what: 'ipcMain outside the bridge',
    path: 'electron/main/a.ts',
    code: "import { ipcMain } from 'electron';\nipcMain.on('a', () => undefined);",
    says: 'electron/main/bridge only',
  },
  {
    what: 'ipcMain through a namespace',
    path: 'electron/main/a.ts',
    code: "import * as electron from 'electron';\nelectron.app.quit();",
    says: 'electron/main/bridge only',
  },
  {
    what: 'webContents.send outside the bridge',
    path: 'electron/main/a.ts',
    code: "window.webContents.send('a');",
    says: 'electron/main/bridge only',
  },
  {
    what: 'ipcRenderer outside the preload',
    path: 'renderer/a.ts',
    code: "import { ipcRenderer } from 'electron';\nipcRenderer.send('a');",
    says: 'stays inside electron/preload',
  },
  {
    what: 'Date.now in core',
    path: 'electron/core/a.ts',
    code: 'export const a = Date.now();',
    says: 'ports.clock',
  },
  {
    what: 'new Date() in core',
    path: 'electron/core/a.ts',
    code: 'export const a = new Date();',
    says: 'ports.clock',
  },
  {
    what: 'Math.random in core',
    path: 'electron/core/a.ts',
    code: 'export const a = Math.random();',
    says: 'ports.random',
  },
  {
    what: 'randomBytes in core',
    path: 'electron/core/a.ts',
    code: "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes(1);",
    says: 'ports.random',
  },
  {
    what: 'crypto.randomUUID in core',
    path: 'electron/core/a.ts',
    code: 'export const a = crypto.randomUUID();',
    says: 'ports.random',
  },
  {
    what: 'performance.now in core',
    path: 'electron/core/a.ts',
    code: 'export const a = performance.now();',
    says: 'ports.clock.monotonic',
  },
  {
    what: 'the disk in core',
    path: 'electron/core/a.ts',
    code: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
    says: 'electron/core/ports',
  },
  { what: 'console in core', path: 'electron/core/a.ts', code: "console.log('a');", says: 'console' },
  {
    what: 'SQL in a use case',
    path: 'electron/core/features/cases/record-case.ts',
    code: "export const a = 'SELECT code FROM cases';",
    says: 'pasted values',
  },
  {
    what: 'SQL in a template',
    path: 'electron/core/features/cases/record-case.ts',
    code: 'export const a = (t: string) => `DELETE FROM ${t}`;',
    says: 'pasted values',
  },
  {
    what: 'bound SQL in a use case',
    path: 'electron/core/features/cases/record-case.ts',
    code: 'export const a = sql`SELECT code FROM cases`;',
    says: 'SQL belongs in a repository',
  },
  {
    what: 'text in JSX',
    path: 'renderer/A.tsx',
    code: 'export const A = () => <p>Guardar</p>;',
    says: 'Text for people',
  },
  {
    what: 'text in a label',
    path: 'renderer/A.tsx',
    code: 'export const A = () => <input aria-label="Buscar casos" />;',
    says: 'Text for people',
  },
  {
    what: 'text in a choice',
    path: 'renderer/A.tsx',
    code: "export const A = ({ a }: { a: boolean }) => <p>{a ? 'Sí' : 'Todavía no'}</p>;",
    says: 'Text for people',
  },
  {
    what: 'a file name in camel case',
    path: 'shared/someThing.ts',
    code: 'export const a = 1;',
    says: 'kebab-case',
  },
  {
    what: 'a file of 501 lines',
    path: 'shared/a.ts',
    code: 'export const a = 1;\n'.repeat(1) + '// x\n'.repeat(500),
    says: 'Maximum allowed is 500',
  },
  {
    what: 'a file of 301 lines',
    path: 'shared/a.ts',
    code: 'export const a = 1;\n' + '// x\n'.repeat(300),
    says: 'aim below 300',
  },
  {
    what: 'a rule switched off without a reason',
    path: 'shared/a.ts',
    code: '// eslint-disable-next-line no-console\nexport const a = 1;',
    says: 'Say why',
  },
  {
    what: 'a rule switched off for a file',
    path: 'shared/a.ts',
    code: '/* eslint-disable no-console -- because of a long story */\nexport const a = 1;',
    says: 'next line only',
  },
  {
    what: 'a hook in a condition',
    path: 'renderer/A.tsx',
    code: "import { useState } from 'react';\nexport const A = ({ a }: { a: boolean }) => { if (a) { useState(1); } return null; };",
    says: 'React Hook',
  },
  { what: 'any', path: 'shared/a.ts', code: 'export const a: any = 1;', says: 'any' },
  { what: 'ts-ignore', path: 'shared/a.ts', code: '// @ts-ignore\nexport const a = 1;', says: 'ts-ignore' },
];

const allowed: Omit<Plant, 'says'>[] = [
  {
    what: 'asking what an address is in the parser',
    path: 'electron/parser/a.ts',
    code: "import { isIP } from 'node:net';\nexport const a = isIP;",
  },
  {
    what: 'ipcMain in the bridge',
    path: 'electron/main/bridge/a.ts',
    code: "import { ipcMain } from 'electron';\nipcMain.on('a', () => undefined);",
  },
  {
    what: 'ipcRenderer in the preload',
    path: 'electron/preload/index.ts',
    code: "import { ipcRenderer } from 'electron';\nipcRenderer.send('a');",
  },
  {
    what: 'the clock in its adapter',
    path: 'electron/core/ports/node/node-clock.ts',
    code: 'export const a = () => Date.now();',
  },
  {
    what: 'SQL in a repository',
    path: 'electron/core/features/cases/case-repo.ts',
    code: "export const a = 'SELECT code FROM cases';",
  },
  {
    what: 'words that only look like SQL',
    path: 'electron/core/a.ts',
    code: "export const a = 'select';\nexport const b = 'begin with care';",
  },
  {
    what: 'translated text',
    path: 'renderer/A.tsx',
    code: "export const A = ({ t }: { t: (k: string) => string }) => <p title={t('a')}>{t('cases.title')}: 12 %</p>;",
  },
  { what: 'a component file', path: 'renderer/CaseList.tsx', code: 'export const CaseList = () => null;' },
  {
    what: 'a date of a given instant in core',
    path: 'electron/core/a.ts',
    code: 'export const a = (ms: number) => new Date(ms);',
  },
  {
    what: 'a reason beside the switch',
    path: 'electron/main/a.ts',
    code: "// eslint-disable-next-line no-restricted-syntax -- the only place where this is right\nexport const a = window.webContents.send('x');",
  },
];

/** Rules that need types are judged on the text of a file that its tsconfig knows. */
const typed = new ESLint({ cwd: root });
const judgeTyped = async (code: string): Promise<string[]> => {
  const [result] = await typed.lintText(code, { filePath: join(root, 'shared/errors.ts') });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
};

describe('lint with types', () => {
  it('refuses a promise that nobody waits for', async () => {
    expect(
      await judgeTyped('const later = async (): Promise<number> => 1;\nlater();\nexport const a = later;'),
    ).toEqual(['@typescript-eslint/no-floating-promises']);
  });
  it('refuses a switch that forgets a case', async () => {
    const code = (rest: string): string =>
      `export const a = (kind: 'x' | 'y'): number => {\n  switch (kind) {\n    case 'x':\n      return 1;\n${rest}  }\n};`;
    expect(await judgeTyped(code(''))).toContain('@typescript-eslint/switch-exhaustiveness-check');
    expect(await judgeTyped(code("    case 'y':\n      return 2;\n"))).toEqual([]);
  });
});

describe('lint bans', () => {
  for (const plant of refused) {
    it(`refuses ${plant.what}`, async () => {
      expect((await judge(plant.path, plant.code)).join('\n')).toContain(plant.says);
    });
  }
  for (const plant of allowed) {
    it(`allows ${plant.what}`, async () => {
      expect(await judge(plant.path, plant.code)).toEqual([]);
    });
  }
});
