import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The words on the screen, from the very catalogues that the window draws with: a page object finds a
 * button by what stands on it in the language of the moment, and a renamed button needs no new test.
 */
export type Language = 'es' | 'en';
type Tree = { readonly [key: string]: string | Tree };

export interface Words {
  readonly language: Language;
  /** `t('cases:tab.people')`; with `count` the plural form, with other values the filled-in text. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** The word for a code of a closed list, such as `term('role', 'witness')`. */
  term(group: string, code: string): string;
  /** The words for an error code. */
  error(code: string): string;
}

const ROOT = resolve(import.meta.dirname, '..', '..');
const cache = new Map<string, Tree>();
const read = (path: string): Tree => {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const tree = JSON.parse(readFileSync(resolve(ROOT, path), 'utf8')) as Tree;
  cache.set(path, tree);
  return tree;
};

const lookUp = (tree: Tree, path: readonly string[]): string | null => {
  let at: string | Tree | undefined = tree;
  for (const part of path) at = typeof at === 'object' ? at[part] : undefined;
  return typeof at === 'string' ? at : null;
};

export const wordsOf = (language: Language): Words => ({
  language,
  t(key, values = {}) {
    const [group = '', path = ''] = key.includes(':') ? key.split(':', 2) : ['common', key];
    const tree = read(`renderer/i18n/${language}/${group}.json`);
    const count = values['count'];
    const plural =
      typeof count === 'number'
        ? lookUp(tree, `${path}_${new Intl.PluralRules(language).select(count)}`.split('.'))
        : null;
    const text = plural ?? lookUp(tree, path.split('.'));
    // A test must not wait for a name that no catalogue has.
    if (text === null) throw new Error(`The ${language} catalogue has no ${key}.`);
    return text.replace(/\{\{\s*(\w+)\s*\}\}/gu, (whole, name: string) => String(values[name] ?? whole));
  },
  term(group, code) {
    const text = lookUp(read(`resources/vocabularies/${language}.json`), [group, code]);
    if (text === null) throw new Error(`The ${language} vocabulary has no ${group}.${code}.`);
    return text;
  },
  error(code) {
    const text = read(`resources/messages/${language}/errors.json`)[code];
    if (typeof text !== 'string') throw new Error(`No ${language} message for ${code}.`);
    return text;
  },
});
