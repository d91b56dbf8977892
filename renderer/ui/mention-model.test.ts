import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterEdit,
  fromStored,
  openMention,
  parts,
  readable,
  toStored,
  withMention,
} from './mention-model.ts';

const ID = '0199a1b2-c3d4-7e5f-8a6b-0123456789ab';
const OTHER = '0199a1b2-c3d4-7e5f-8a6b-ba9876543210';
const stored = `Preguntaron por @[Maricela](person:${ID}) en la radio; lo vio @[la vecina](person:${OTHER}).`;

describe('stored form', () => {
  it('comes back as it was', () => {
    const shown = fromStored(stored);
    expect(shown.text).toBe('Preguntaron por @Maricela en la radio; lo vio @la vecina.');
    expect(shown.mentions.map((m) => shown.text.slice(m.start, m.end))).toEqual(['@Maricela', '@la vecina']);
    expect(toStored(shown)).toBe(stored);
    expect(readable(stored)).toBe('Preguntaron por Maricela en la radio; lo vio la vecina.');
    expect(parts(stored).filter((p) => p.id !== null)).toEqual([
      { text: 'Maricela', id: ID },
      { text: 'la vecina', id: OTHER },
    ]);
  });

  it('keeps labels with brackets inside one mention', () => {
    const made = withMention({ text: '', mentions: [] }, 0, 0, 'Radio [la de noche]', ID);
    expect(fromStored(toStored(made)).mentions).toHaveLength(1);
  });
});

describe('editing', () => {
  it('moves what stands after, keeps what stands before, drops what was touched', () => {
    const shown = fromStored(stored);
    const before = afterEdit(shown, `Ayer ${shown.text}`);
    expect(toStored(before)).toBe(`Ayer ${stored}`);
    const touched = afterEdit(shown, shown.text.replace('@Maricela', '@Mariela'));
    expect(touched.mentions.map((m) => m.id)).toEqual([OTHER]);
  });

  it('never points outside the text nor at other words, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(80), fc.nat(12), fc.string({ maxLength: 9 })), { maxLength: 12 }),
        (edits) => {
          let now = fromStored(stored);
          for (const [at, length, insert] of edits) {
            const from = Math.min(at, now.text.length);
            now = afterEdit(now, now.text.slice(0, from) + insert + now.text.slice(from + length));
            for (const mention of now.mentions) {
              const label = now.text.slice(mention.start, mention.end);
              expect(label).toBe(mention.id === ID ? '@Maricela' : '@la vecina');
            }
          }
        },
      ),
    );
  });
});

describe('choosing', () => {
  it('offers after an @ that opens a word, not in an address nor inside a mention', () => {
    const at = (text: string): unknown => openMention({ text, mentions: [] }, text.length);
    expect(at('vino @Mar')).toEqual({ from: 5, typed: 'Mar' });
    expect(at('@')).toEqual({ from: 0, typed: '' });
    expect(at('correo@ejemplo')).toBeNull();
    const shown = fromStored(stored);
    expect(openMention(shown, 'Preguntaron por @Mari'.length)).toBeNull();
  });

  it('replaces the typed beginning', () => {
    const made = withMention({ text: 'vino @Mar ayer', mentions: [] }, 5, 9, 'Maricela', ID);
    expect(toStored(made)).toBe(`vino @[Maricela](person:${ID}) ayer`);
    expect(made.text.slice(0, made.caret)).toBe('vino @Maricela ');
  });
});
