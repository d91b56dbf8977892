import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactKey } from '#shared/rules/text-folding.ts';
import {
  applyDecisions,
  createTextMatcher,
  drawLetter,
  findCoordinates,
  findPatterns,
  isClabe,
  parseNarrative,
  quasiIdentifiers,
  searchForms,
  shuffledOrder,
  singlingPhrases,
  strengthOf,
  suggestSpans,
  unionAttributes,
} from './index.ts';
import type { KnownValue, Outcome, PersonAttributes } from './index.ts';

const people: KnownValue[] = [
  { ref: 'person:t1', kind: 'name', text: 'Rosario Guerrero Luna' },
  { ref: 'person:t1', kind: 'alias', text: 'Chayo' },
  { ref: 'person:t2', kind: 'name', text: 'Isidro Campos Paz' },
  { ref: 'person:m', kind: 'name', text: 'Maricela Xochimitl Olmedo' },
  { ref: 'person:m', kind: 'alias', text: 'Marisela Xochimitl' },
  { ref: 'person:m', kind: 'phone', text: '+52 000 555 0127' },
  { ref: 'person:m', kind: 'email', text: 'mari.encino+radio@correo.example' },
  { ref: 'person:m', kind: 'handle', text: '@vozdelencino' },
  { ref: 'person:h', kind: 'name', text: 'Yaretzi X.' },
  { ref: 'person:f', kind: 'name', text: 'sin nombre' },
  { ref: 'person:f', kind: 'alias', text: 'la vecina de la loma' },
  { ref: 'person:b', kind: 'alias', text: 'don Beni' },
  { ref: 'place:c', kind: 'place', text: 'Piedra Honda de los Encinos' },
  { ref: 'case:c', kind: 'fileNumber', text: 'MEC-FICTICIO-0417/2025' },
];
const matcher = createTextMatcher(searchForms(people));
const worst = (text: string): Outcome | 'none' => {
  const outcomes = matcher.find(text).map((match) => match.outcome);
  return (
    (['final', 'blocks', 'listed', 'warn'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'none'
  );
};

describe('search for known values', () => {
  it.each([
    'Rosario Guerrero Luna',
    'GUERRERO LUNA, ROSARIO',
    'Luna Guerrero Rosario',
    'rosario guerrero  luna',
    'r o s a r i o g u e r r e r o l u n a',
    'Rosario\nGuerrero Lu-\nna',
    'audio_RosarioGuerreroLuna.opus',
    'lo dijo Isidro Campos Paz ayer',
    'Xochimitl',
    'XOCHIMITL OLMEDO',
    'Хochimitl',
    'tel. 000-555-01-27',
    '5 2 0 0 0 5 5 5 0 1 2 7',
    '(000) 5550127',
    'mari.encino@correo.example',
    'MARI.ENCINO+otra@correo.example',
    'https://redes.example/vozdelencino',
    'folio MEC FICTICIO 0417 2025',
    'en Piedra Honda de los Encinos',
  ])('%j is final', (text) => {
    expect(worst(text)).toBe('final');
  });

  it.each([
    'Chayo',
    'la hija, Yaretzi, dijo',
    'don Beni',
    'en Piedra Honda',
    'Rosario Guerrero',
    'vio la vecina de la loma',
    'tel. 555 0127',
  ])('%j blocks until judged', (text) => {
    expect(worst(text)).toBe('blocks');
  });

  it.each(['Guerrero', 'en Luna', 'Paz', 'los Campos', 'el Rosario'])('%j is listed', (text) => {
    expect(worst(text)).toBe('listed');
  });

  it.each([
    'en el Estado de Guerrero',
    'la paz de la comunidad',
    'campos de cultivo',
    'luna nueva',
    'persona sin nombre',
  ])('%j stops nothing and reads as another meaning', (text) => {
    expect(['listed', 'none']).toContain(worst(text));
    expect(matcher.find(text).every((match) => match.otherMeaning)).toBe(true);
  });

  it('does not see names inside other words', () => {
    expect(worst('Chayotes y lunares, pazguatos, acampos')).toBe('none');
  });

  it('classifies strength', () => {
    expect(strengthOf('name', 'Xochimitl')).toBe('strong');
    expect(strengthOf('name', 'Chayo')).not.toBe('strong');
    expect(strengthOf('name', 'Paz')).toBe('weak');
    expect(strengthOf('phone', '000 555 01 27')).toBe('strong');
    expect(strengthOf('place', 'Guerrero')).toBe('weak');
    expect(strengthOf('age', '35')).toBe('weak');
  });
});

describe('coordinates', () => {
  const points = [{ ref: 'place:c', latitude: 17.4321, longitude: -99.8765 }];
  it.each(['17.4321', '17.432', '17,43210', '-99.8765', '99.877', '17°25\'55.6"', '17° 25’ 56” N', '17.43'])(
    '%s is found',
    (text) => {
      expect(findCoordinates(`en ${text} exactamente`, points).length).toBeGreaterThan(0);
    },
  );
  it.each(['17', '17.5', '19.4326', '1,900', '18.12'])('%s is not', (text) => {
    expect(findCoordinates(`en ${text} exactamente`, points)).toEqual([]);
  });
});

describe('patterns', () => {
  it.each([
    ['curp', 'XOOM900101MGRCLR00'],
    ['rfc', 'XOOM900101AB1'],
    ['ine', 'XCMLMR90010112M100'],
    ['phone', '000 555 01 88'],
    ['phone', '+52 1 000 555 0188'],
    ['clabe', '012345678901234568'],
    ['plate', 'ABC-12-34'],
    ['plate', 'GXZ-123-A'],
    ['coordinate', '17.4321, -99.8765'],
    ['email', 'alguien@sitio.example'],
    ['url', 'https://avisos-telcom.example/4821973s/'],
    ['url', 'vozdelencino.example'],
    ['handle', '@vozdelencino'],
    ['uuid', '0190f3c2-7b1a-7c3d-9e4f-0123456789ab'],
  ])('%s: %s', (kind, text) => {
    expect(findPatterns(`dato ${text} fin`)).toMatchObject([{ kind, text }]);
  });

  it('leaves dates, amounts and articles alone', () => {
    expect(findPatterns('El 2025-05-28 a las 23:40 pagó $2,430.00 (art. 25.6.a), 1,900 vistas.')).toEqual([]);
  });

  it('refuses a CLABE with a wrong check digit', () => {
    expect(isClabe('012345678901234568')).toBe(true);
    expect(isClabe('012345678901234569')).toBe(false);
  });
});

describe('redacted text', () => {
  const token = (): string => '[dato reservado]';
  const redact = (narrative: string, action: 'withhold' | 'pseudonym' | 'keep' | null): string => {
    const parts = parseNarrative(narrative);
    const suggestions = new Map(
      parts.map((part, at) => [
        at,
        part.kind === 'text'
          ? suggestSpans({ where: 'w', text: part.text, matcher, points: [], initials: new Map() })
          : [],
      ]),
    );
    return applyDecisions({
      parts,
      suggestions,
      decisionOf: () => action,
      person: (ref) => ({ mark: 'pseudonym', text: ref === 'person:t1' ? 'Persona Q' : 'Persona B' }),
      token,
    })
      .map((run) => run.text)
      .join('');
  };

  it('prints pseudonyms for mentions, whatever their label says', () => {
    expect(redact('Lo vio @[Rosario](person:t1) anoche.', null)).toBe('Lo vio Persona Q anoche.');
  });

  it('puts pseudonyms and tokens of one width in the place of names', () => {
    expect(redact('Rosario Guerrero Luna llamó al 000 555 01 27.', 'pseudonym')).toBe(
      'Persona Q llamó al Persona B.',
    );
    expect(redact('Rosario Guerrero Luna llamó al 000 555 01 27.', 'withhold')).toBe(
      '[dato reservado] llamó al [dato reservado].',
    );
    expect(redact('Vino Chayo, Yaretzi y otra.', 'withhold')).toBe('Vino [dato reservado] y otra.');
  });

  it('never contains a withheld value, however it is written', () => {
    const value = fc.constantFrom(
      ...people.filter((entry) => entry.text !== 'sin nombre').map((entry) => entry.text),
    );
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.normalize('NFD'),
      (text) => text.replace(/ /g, '\u00A0'),
      (text) => Array.from(text).join('\u200B'),
      (text) => text.replace(/ /g, '\n'),
      (text) => text.replace(/a/g, 'а'),
      (text) => text.split(' ').reverse().join(', '),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, disguise, fc.constantFrom(' Ayer ', ' dijo que ', ', ', ' (', '). ')), {
          maxLength: 6,
        }),
        (pieces) => {
          const redacted = redact(
            pieces.map(([text, change, filler]) => filler + change(text)).join('') + ' fin',
            'withhold',
          );
          expect(matcher.find(redacted).filter((match) => match.outcome !== 'warn')).toEqual([]);
          for (const [text] of pieces) expect(compactKey(redacted)).not.toContain(compactKey(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('pseudonyms', () => {
  const random = (seed: number) => {
    let state = seed;
    return {
      bytes: (count: number) =>
        Buffer.from(
          Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16),
        ),
    };
  };
  it('never gives a letter twice and differs between series', () => {
    const series = (seed: number): string => {
      const source = random(seed);
      const taken = new Set<string>();
      for (let at = 0; at < 40; at += 1) taken.add(drawLetter(source, taken));
      expect(taken.size).toBe(40);
      return [...taken].join('');
    };
    expect(series(1)).toBe(series(1));
    expect(series(1)).not.toBe(series(2));
  });
  it('shuffles without losing anything', () => {
    expect(shuffledOrder(random(3), 50).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, at) => at),
    );
  });
});

describe('combinations that single somebody out', () => {
  const person = (changes: Partial<PersonAttributes>): PersonAttributes => ({
    ref: 'person:m',
    municipality: null,
    occupation: null,
    date: null,
    group: null,
    groupSize: null,
    age: null,
    sources: ['a'],
    ...changes,
  });
  it('flags municipality with occupation, not occupation alone', () => {
    expect(
      quasiIdentifiers([person({ municipality: 'Villa Encinares', occupation: 'locutora' })]),
    ).toHaveLength(1);
    expect(quasiIdentifiers([person({ occupation: 'locutora' })])).toEqual([]);
  });
  it('does not flag what five people share', () => {
    const shared = Array.from({ length: 5 }, (_, at) =>
      person({ ref: `person:${String(at)}`, municipality: 'X', occupation: 'campesina' }),
    );
    expect(quasiIdentifiers(shared)).toEqual([]);
  });
  it('sees what only the union of two filings shows', () => {
    const first = person({ municipality: 'Villa Encinares', sources: ['mechanism'] });
    const second = person({ occupation: 'locutora', sources: ['iachr'] });
    expect(quasiIdentifiers([first])).toEqual([]);
    expect(quasiIdentifiers([second])).toEqual([]);
    expect(quasiIdentifiers(unionAttributes([[first], [second]]))).toMatchObject([{ onlyInUnion: true }]);
  });
  it('finds phrases that single out', () => {
    expect(singlingPhrases('Es la única médica de la zona.').map((match) => match.text)).toEqual([
      'única médica de la',
    ]);
  });
});

describe('how a village says a name', () => {
  it('finds diminutives and plurals of names', () => {
    for (const text of [
      'Chayito lo vio',
      'llegó Maricelita',
      'Rosarito también',
      'amenazan a los Olmedos',
      'los Xochimitles',
      'con Isidrito',
    ])
      expect(worst(text), text).not.toBe('none');
  });

  it('leaves plain words alone', () => {
    for (const text of ['campos de cultivo', 'las lunas de enero', 'hicieron las paces', 'campitos'])
      expect(['none', 'listed'], text).toContain(worst(text));
    expect(worst('campitos y guerras')).toBe('none');
  });
});

describe('days and hours where only the month may be told', () => {
  const spans = (text: string, exactTimes: boolean) =>
    suggestSpans({ where: 'x', text, matcher, points: [], initials: new Map(), exactTimes }).map(
      (span) => span.text,
    );
  it('offers each of them', () => {
    expect(
      spans('El 18 de junio salió; el 2026-01-22 a las 02:14; on June 3, 2026; el primero de mayo.', true),
    ).toEqual(['18 de junio', '2026-01-22', '02:14', 'June 3, 2026', 'primero de mayo']);
    expect(spans('El 18 de junio salió a las 02:14.', false)).toEqual([]);
    expect(spans('En junio de 2026, 40 personas y 3 de ellas; artículo 25.2', true)).toEqual([]);
  });
});
