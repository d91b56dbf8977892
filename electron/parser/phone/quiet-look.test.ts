import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { LINK_SHORTENERS } from '../../matching/matcher-of.ts';
import { Matcher } from '../../matching/matcher.ts';
import { QuietBytes } from '../../matching/quiet-bytes.ts';
import { Outbox, type PhoneContext } from './found.ts';
import { JsonRecords } from './json-records.ts';
import { ModuleReader, NEEDED_FIELDS } from './module-reader.ts';
import { QUIET_PLANS, QuietLook, type FieldLook } from './quiet-look.ts';
import { Wanted } from './wanted.ts';

/* Records are passed over where nothing can be said of them: what is said may not depend on that. */

const SET: Indicator[] = [
  { value: 'evil.example.org', type: 'domains', collection: 'c', set: 's' },
  { value: 'https://example.com/exact', type: 'urls', collection: 'c', set: 's' },
];
const matcher = new Matcher({ indicators: SET, mvtIndicators: SET }, LINK_SHORTENERS);

const contextWith = (out: Outbox): PhoneContext => ({
  kind: 'results',
  matcher,
  today: '2026-11-22',
  placeOf: new Map(SET.map((indicator, at) => [indicator, at])),
  out,
  pass: 1,
});

const saidOf = (module: string, bytes: Buffer, piece: number, passing: boolean) => {
  const out = new Outbox();
  const plan = QUIET_PLANS[module];
  const look = passing && plan !== undefined ? new QuietLook(plan, new QuietBytes(matcher.quiet)) : null;
  const reader = new ModuleReader(contextWith(out), `${module}.json`, module);
  let passed = 0;
  const records = new JsonRecords(
    (read) => reader.take(read),
    new Wanted(NEEDED_FIELDS[module] ?? [], look),
    false,
    {
      isReady: () => reader.looksAtEach,
      passed: (count) => {
        passed += count;
        reader.passed(count);
      },
    },
  );
  for (let at = 0; at < bytes.length; at += piece) records.push(bytes.subarray(at, at + piece));
  const end = records.end();
  const { oddities } = records;
  return { said: { end, oddities, module: reader.end(), told: out.take() }, passed };
};

const link = fc.constantFrom(
  'https://diario.com.mx/nota/1',
  'http://sub.dominio.org/a?b=c',
  'https://evil.example.org/x',
  'https://www.EVIL.example.org/',
  'https://example.com/exact',
  'https://bit.ly/3abc',
  'https://diario.com.mx/?u=%68ttps%3A//evil.example.org/',
  'https://diario.com.mx/?u=//evil.example.org/',
  'no es un enlace',
  '',
);
const words = fc.constantFrom(
  'Nos vemos mañana 😀',
  'Mira https://diario.com.mx/nota',
  'entra a evil.example.org ya',
  'entra a evil[.]example[.]org',
  'https://evil.example.org/desde/el/texto',
  'HTTPS://EVIL.EXAMPLE.ORG',
  'mira https:\\\\evil.example.org ya',
  'mira http://evil[dot]example[dot]org/x',
  'mira evil。example。org ya',
  'mira wss://evil.example.org',
  'https://diario.com.mx/r?u=https://evil.example.org&x=1',
  'ALERT: State-sponsored attackers may be targeting your iPhone',
  'ALERTA de lluvia',
  'mitad \ud83d suelta',
  '',
);
const value = fc.oneof(
  { weight: 5, arbitrary: words },
  { weight: 5, arbitrary: link },
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: link }, { weight: 1, arbitrary: words }), {
      maxLength: 3,
    }),
  },
  fc.constantFrom(null, 0, 7, 588_813_210.5, true, {}, [null], [['x']]),
);
/** Values of a field that are passed over where they stand alone. */
const usual: Readonly<Record<FieldLook, fc.Arbitrary<unknown>>> = {
  aside: fc.constantFrom<unknown>('2024-01-01 00:00:00', 7, null),
  link: fc.constant('https://diario.com.mx/nota/1'),
  links: fc.constantFrom<unknown>([], ['https://diario.com.mx/nota/1', 'http://sub.dominio.org/a?b=c']),
  text: fc.constantFrom<unknown>(null, 'Nos vemos mañana 😀'),
  firstText: fc.constantFrom('Mira https://diario.com.mx/nota', 'ALERTA de lluvia'),
  null: fc.constant(null),
};
/** As only Python writes it, or broken: put into the text without its marks. */
const raw = fc.constantFrom(
  '@NaN@',
  '@-Infinity@',
  '@588813210539788032@',
  '@-588813210539788032@',
  '@9007199254740991@',
  '@9007199254740993@',
  '@588813210.53978803@',
  '@1e-07@',
  '@-0.5@',
);
const broken = fc.constantFrom('@01@', '@1.@', '@-@', '@nul@', '@fnull@', '@truex@', '@[}@', '@1 2@');
const aside = fc.oneof(
  { weight: 30, arbitrary: fc.nat() },
  { weight: 20, arbitrary: raw },
  { weight: 1, arbitrary: broken },
  {
    weight: 10,
    arbitrary: fc.constantFrom<unknown>(true, false, null, -7, [], {}, { a: ['x"]}', { b: [1, 'ü\\'] }] }),
  },
);
const recordOf = (module: string) =>
  fc.record(
    {
      ROWID: aside,
      guid: words,
      date_read: aside,
      ...Object.fromEntries(
        Object.entries(QUIET_PLANS[module]?.fields ?? {}).map(([name, look]) => [
          name,
          fc.oneof({ weight: 9, arbitrary: usual[look] }, { weight: 1, arbitrary: value }),
        ]),
      ),
    },
    { requiredKeys: [] },
  );
const ascii = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('passing over records', () => {
  test.each(Object.keys(QUIET_PLANS))('%s: what is said is the same', (module) => {
    let passed = 0;
    fc.assert(
      fc.property(
        fc.array(recordOf(module), { minLength: 2, maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 7, max: 4_000 }),
        (records, isAscii, piece) => {
          const plain = JSON.stringify(records, null, 4).replaceAll(/"@|@"/g, '');
          const bytes = Buffer.from(isAscii ? ascii(plain) : plain);
          const with_ = saidOf(module, bytes, piece, true);
          expect(with_.said).toEqual(saidOf(module, bytes, piece, false).said);
          passed += with_.passed;
        },
      ),
      { numRuns: Number(process.env['QUIET_RUNS'] ?? 2_000) },
    );
    expect(passed).toBeGreaterThan(1_000);
  });

  test('numbers that are counted are counted where they are passed over', () => {
    const one = '{"date": 588813210539788032, "n": -9007199254740993, "f": 588813210.5397881, "links": []}';
    const { passed, said } = saidOf('sms', Buffer.from(`[${Array(20).fill(one).join(', ')}]`), 33, true);
    expect(passed).toBeGreaterThan(15);
    expect(said.oddities).toEqual({ notFinite: 0, large: 40, loneHalves: 0 });
  });

  test('a field that comes twice is looked at twice', () => {
    const bytes = Buffer.from(
      '[{"links":["https://diario.com.mx/"]},{"links":["https://diario.com.mx/"],"text":"https://evil.example.org/","links":[]},' +
        '{"links":["https://evil.example.org/"],"links":["https://diario.com.mx/"]}]',
    );
    expect(saidOf('sms', bytes, 9, true).said).toEqual(saidOf('sms', bytes, 9, false).said);
    expect(saidOf('sms', bytes, 9, true).said.told.found.length).toBeGreaterThan(0);
  });

  test('what phones are full of is passed over', () => {
    const record = {
      ROWID: 1,
      text: 'Mira ésta: https://diario.com.mx/nota/1',
      links: ['https://diario.com.mx/nota/1'],
    };
    const { passed, said } = saidOf(
      'sms',
      Buffer.from(JSON.stringify(Array(50).fill(record), null, 4)),
      1_000,
      true,
    );
    expect(passed).toBe(49);
    expect(said.module.said.records).toBe(50);
  });
});
