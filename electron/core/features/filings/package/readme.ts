import en from '#resources/messages/en/package-words.json' with { type: 'json' };
import es from '#resources/messages/es/package-words.json' with { type: 'json' };

export type PackageWords = typeof es;

/** Headings of the tables in the recipient's language. */
export const packageWords = (language: 'es' | 'en'): PackageWords => (language === 'es' ? es : en);

/**
 * `LEEME.txt`: what the package is and how to check it, in Spanish and English whatever the recipient, since
 * packages are handed on. It promises no more than checksums and a signature can hold. CRLF, for Notepad.
 */
export const readmeBytes = (signed: boolean): Buffer => {
  const part = (words: PackageWords): string[] => [
    ...words.readme,
    '',
    ...(signed ? words.signed : words.unsigned),
  ];
  const rule = '-'.repeat(72);
  return Buffer.from(`\ufeff${[...part(es), '', rule, '', ...part(en), ''].join('\r\n')}`, 'utf8');
};
