import { expect, test } from 'vitest';
import { linkKeys, linksOfMessage, senderKey, shortenerOf, textKey } from './message-keys.ts';

test('links are found with and without a scheme, defanged or not, each once', () => {
  expect(
    linksOfMessage('Vea https://a.example/x. o hxxps://b[.]example/y y bit.ly/Zz9 (https://a.example/x)', [
      ' https://c.example ',
    ]),
  ).toEqual(['https://a.example/x', 'hxxps://b[.]example/y', 'bit.ly/Zz9', 'https://c.example']);
});

test('the same message with other names of parcels, times and links has one key', () => {
  const one = textKey('Su PAQUETE 48213 no pudo entregarse: https://a.example/1', ['https://a.example/1']);
  const two = textKey('su paquete 99 no pudó entregarse: http://b.example/2222', ['http://b.example/2222']);
  expect(one).toBe(two);
  expect(one).not.toBe('');
  expect(textKey('Su pedido no pudo entregarse hoy', [])).not.toBe(one);
});

test('too little text is no key', () => {
  expect(textKey('hola https://a.example', ['https://a.example'])).toBe('');
});

test('a link has one key however it is written, and the form of seven digits and a letter is one form', () => {
  const keys = linkKeys('https://www.SMS.example/1234567s');
  expect(linkKeys('hxxp://sms[.]example:80/1234567s#x')).toEqual(keys);
  expect(linkKeys('http://sms.example/7654321s')?.form).toBe(keys?.form);
  expect(linkKeys('http://sms.example/about')?.form).not.toBe(keys?.form);
  expect(linkKeys('http://sms.example/a?id=1&t=2')?.form).toBe(
    linkKeys('http://sms.example/a?t=9&id=7')?.form,
  );
});

test('numbers of senders are compared by their last ten digits, handles by letters', () => {
  expect(senderKey('+52 (55) 0000-0199')).toBe(senderKey('5500000199'));
  expect(senderKey('@Quintal')).toBe(senderKey('@quintal'));
  expect(senderKey('77000')).toBe('77000');
});

test('shorteners are named whatever way the link is written', () => {
  expect(shortenerOf('https://BIT.ly/abc')).toBe('bit.ly');
  expect(shortenerOf('hxxps://bit[.]ly/abc')).toBe('bit.ly');
  expect(shortenerOf('https://notbit.ly/abc')).toBe(null);
});
