import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { ERROR_CODES } from '#shared/errors.ts';
import { filesUnder, root, textOf } from './source-files.ts';

type Tree = { readonly [key: string]: Tree | string };

/** Folders that hold one folder for each language. */
const CATALOGUES = ['resources/messages', 'resources/i18n', 'renderer/i18n'].filter((folder) =>
  existsSync(join(root, folder, 'es')),
);
const PLURAL = /_(zero|one|two|few|many|other)$/u;

const flatten = (tree: Tree, prefix = ''): Map<string, string> => {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') flat.set(path, value);
    else for (const [inner, text] of flatten(value, path)) flat.set(inner, text);
  }
  return flat;
};

/** Keys without plural endings: Spanish has one ending that English lacks. */
const keys = (flat: Map<string, string>): string[] =>
  [...new Set([...flat.keys()].map((key) => key.replace(PLURAL, '')))].sort();
const holes = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{?\s*([\w.]+)[^}]*\}?\}/gu)].map((match) => match[1] ?? ''))].sort();

const load = (path: string): Map<string, string> => flatten(JSON.parse(textOf(path)) as Tree);
/** The exact key, or its plural forms. */
const texts = (flat: Map<string, string>, key: string): string[] =>
  [...flat].filter(([path]) => path.replace(PLURAL, '') === key).map(([, text]) => text);
const allHoles = (flat: Map<string, string>, key: string): string[] =>
  [...new Set(texts(flat, key).flatMap(holes))].sort();

describe('catalogues', () => {
  it('there are some', () => {
    expect(CATALOGUES).toContain('resources/messages');
  });

  it.each(CATALOGUES)('%s has the same files in Spanish and English', (folder) => {
    const names = (language: string): string[] =>
      filesUnder(`${folder}/${language}`, /\.json$/u).map((path) =>
        path.slice(`${folder}/${language}/`.length),
      );
    expect(names('es')).toEqual(names('en'));
    expect(names('es').length).toBeGreaterThan(0);
  });

  const files = CATALOGUES.flatMap((folder) =>
    filesUnder(`${folder}/es`, /\.json$/u).map((path) => [path, path.replace('/es/', '/en/')] as const),
  );
  it.each(files)('%s and %s have equal keys, equal blanks, and no empty text', (es, en) => {
    const spanish = load(es);
    const english = load(en);
    expect(keys(spanish)).toEqual(keys(english));
    for (const key of keys(spanish)) {
      expect(allHoles(spanish, key), key).toEqual(allHoles(english, key));
      for (const text of [...texts(spanish, key), ...texts(english, key)]) {
        /* A line of a list may be blank: texts for files are kept line by line. */
        if (!/\.\d+$/u.test(key)) expect(text.trim(), key).not.toBe('');
        expect(text, key).not.toMatch(/\b(TODO|FIXME|lorem ipsum)\b/u);
      }
    }
  });

  /** What Unicode asks of a language that counts; a text for none at all is extra. */
  const COUNTED = { es: ['many', 'one', 'other'], en: ['one', 'other'] } as const;
  it.each(files)('%s and %s have every form of a counted text, and no other', (es, en) => {
    for (const [language, path] of [['es', es] as const, ['en', en] as const]) {
      const forms = new Map<string, string[]>();
      for (const key of load(path).keys()) {
        const form = PLURAL.exec(key)?.[1];
        const counted = key.replace(PLURAL, '');
        if (form !== undefined && form !== 'zero') forms.set(counted, [...(forms.get(counted) ?? []), form]);
      }
      for (const [key, found] of forms) expect(found.sort(), key).toEqual(COUNTED[language]);
    }
  });

  it.each(files)('%s is spelt one way', (es) => {
    expect(textOf(es)).not.toMatch(/sólo/iu);
  });

  it.each(['es', 'en'])(
    'every error code has a message in %s, and no message is without a code',
    (language) => {
      const messages = JSON.parse(textOf(`resources/messages/${language}/errors.json`)) as Record<
        string,
        unknown
      >;
      expect(Object.keys(messages).sort()).toEqual([...ERROR_CODES].sort());
      for (const [code, message] of Object.entries(messages)) {
        const text =
          typeof message === 'string' ? message : Object.values(message as Record<string, string>).join(' ');
        expect(text.length, code).toBeGreaterThan(20);
      }
    },
  );

  it('a missing key, a missing blank and an empty text are seen', () => {
    const es = flatten({ a: { b: 'Hay {{count}}', c: 'x' } });
    const en = flatten({ a: { b: 'There are' } });
    expect(keys(es)).not.toEqual(keys(en));
    expect(allHoles(es, 'a.b')).toEqual(['count']);
    expect(allHoles(en, 'a.b')).toEqual([]);
    expect(keys(flatten({ n_one: '1', n_many: '2', n_other: '3' }))).toEqual(['n']);
  });

  it.each(['es', 'en'])('every task has a name for the tray (%s)', (language) => {
    const flat = load(`renderer/i18n/${language}/common.json`);
    const tasks = Object.entries(contract).filter(([, { kind }]) => kind === 'task');
    expect(tasks.length).toBeGreaterThan(20);
    expect(
      tasks
        .map(([method]) => method)
        .filter((method) => !flat.has(`task.method.${method.replace('.', '_')}`)),
    ).toEqual([]);
  });
});
