import { afterEach, expect, it } from 'vitest';
import type { Output } from '../../api/contract.ts';
import { closePage, openPage, press, type } from '../../testing/open-page.tsx';
import { ExportList } from './ExportList.tsx';

afterEach(closePage);

const whole: Output<'exports.verify'> = {
  intact: true,
  authentic: null,
  signature: 'unchecked',
  signed: true,
  encrypted: false,
  files: 4,
  problems: [],
};
const told = (): [string | null, string | null][] =>
  [...document.querySelectorAll('[data-tone]')].map((one) => [
    one.getAttribute('data-tone'),
    one.textContent,
  ]);

it.each([
  // A key was given, and there is nothing that it could belong to.
  [{ signed: false, authentic: false }, 'neutral', 'Este paquete no está firmado'],
  [{ signed: false, authentic: null }, 'neutral', 'Este paquete no está firmado'],
  [{ signed: true, authentic: null }, 'neutral', 'falta la llave'],
  [
    { signed: true, authentic: false, signature: 'otherKey' },
    'danger',
    'La firma no es de esa llave: es de otra',
  ],
  [{ signed: true, authentic: false, signature: 'invalid' }, 'danger', 'lleva el número de esa llave'],
  [{ signed: true, authentic: false, signature: 'malformed' }, 'danger', 'no es una firma de minisign'],
  [{ signed: true, authentic: false }, 'danger', 'La firma no se pudo comprobar'],
  [{ signed: true, authentic: false, signature: 'valid' }, 'danger', 'La firma sí es de esa llave'],
  [{ signed: true, authentic: true }, 'verified', 'La firma corresponde a esa llave'],
] as const)('a package that is %o is told as %s', async (found, tone, words) => {
  await openPage(ExportList, { 'exports.verify': { ...whole, ...found } });
  await press('Elegir paquete');
  const author = told().find(([, text]) => text?.includes(words));
  expect(author?.[0]).toBe(tone);
  expect(told().filter(([, text]) => /firm/u.test(text ?? ''))).toHaveLength(1);
});

it('what was found goes away with the key that it was found for, and names the package', async () => {
  await openPage(ExportList, { 'exports.verify': { ...whole, authentic: true } });
  await press('Elegir paquete');
  expect(document.body.textContent).toContain('Se revisó chosen');
  expect(told().map(([tone]) => tone)).toContain('verified');
  await type(document.querySelector('textarea') as HTMLTextAreaElement, 'RWotra');
  expect(told().map(([tone]) => tone)).not.toContain('verified');
  expect(document.body.textContent).not.toMatch(/Se revisó|Íntegro|firma corresponde/u);
});

it('says once what is wrong with a list, however many of its lines are', async () => {
  const line = { file: 'manifest-sha256.txt', code: 'listInvalid' };
  await openPage(ExportList, {
    'exports.verify': { ...whole, intact: false, problems: [line, line, { ...line, file: 'otra.txt' }] },
  });
  await press('Elegir paquete');
  const list = document.querySelector('ul[aria-label="Lo que no coincide"]');
  expect([...(list?.querySelectorAll('li') ?? [])].map((one) => one.textContent?.split(':')[0])).toEqual([
    'manifest-sha256.txt',
    'otra.txt',
  ]);
});
