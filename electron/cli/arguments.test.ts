import { describe, expect, it } from 'vitest';
import { oneOf, readArguments } from './arguments.ts';
import { UsageError } from './usage-error.ts';

const read = (argv: string[]): ReturnType<typeof readArguments> =>
  readArguments(argv, { out: 'value', recipient: 'values', practice: 'flag' }, { min: 0, max: 1 });

const keyOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown.key;
    throw thrown;
  }
  return 'accepted';
};

describe('arguments', () => {
  it('tells options and positionals apart, in any order', () => {
    const args = read([
      '--out',
      'a b',
      'DIR',
      '--recipient=age1x',
      '--recipient',
      'age1y',
      '--practice',
      '--json',
    ]);
    expect(args.positionals).toEqual(['DIR']);
    expect(args.need('out')).toBe('a b');
    expect(args.values('recipient')).toEqual(['age1x', 'age1y']);
    expect(args.flag('practice')).toBe(true);
    expect(args.json).toBe(true);
    expect(args.value('vault')).toBeUndefined();
  });

  it.each([
    [['--recipent', 'age1x'], 'usage.unknownOption'],
    [['--out'], 'usage.optionValue'],
    [['--out='], 'usage.optionValue'],
    [['--practice=yes'], 'usage.optionValue'],
    [['--out', 'a', '--out', 'b'], 'usage.twice'],
    [['a', 'b'], 'usage.tooMany'],
  ])('refuses %j', (argv, key) => {
    expect(keyOf(() => read(argv))).toBe(key);
  });

  it('takes a value that begins like an option only when it is joined to its name', () => {
    expect(keyOf(() => read(['--out', '--practice']))).toBe('usage.optionValue');
    expect(read(['--out=--practice']).value('out')).toBe('--practice');
  });

  it('asks for what is missing, and for one of a list', () => {
    expect(keyOf(() => read([]).need('out'))).toBe('usage.missingOption');
    expect(keyOf(() => readArguments([], {}, { min: 1, max: 1 }))).toBe('usage.tooFew');
    expect(oneOf('form', 'filing', ['filing', 'package'])).toBe('filing');
    expect(keyOf(() => oneOf('form', 'pdf', ['filing', 'package']))).toBe('usage.oneOf');
  });
});
