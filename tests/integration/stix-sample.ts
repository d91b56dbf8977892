import { AppError } from '#shared/errors.ts';

/** Code of the refusal, or null where the call went through. */
export const codeOf = async (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof AppError ? thrown.code : String(thrown)),
  );

/** A STIX 2.1 bundle of domains of one malware, with one indicator that no reader can use. */
export const STIX = (domains: readonly string[], name = 'Faro Negro'): string =>
  JSON.stringify({
    type: 'bundle',
    id: 'bundle--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f0001',
    objects: [
      { type: 'malware', id: 'malware--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f0002', name, is_family: true },
      ...domains.map((domain, at) => ({
        type: 'indicator',
        spec_version: '2.1',
        id: `indicator--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f1${String(at).padStart(3, '0')}`,
        pattern: `[domain-name:value = '${domain}']`,
        pattern_type: 'stix',
      })),
      ...domains.map((_domain, at) => ({
        type: 'relationship',
        id: `relationship--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f2${String(at).padStart(3, '0')}`,
        relationship_type: 'indicates',
        source_ref: `indicator--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f1${String(at).padStart(3, '0')}`,
        target_ref: 'malware--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f0002',
      })),
      {
        type: 'indicator',
        id: 'indicator--0b2f44a6-2b5b-4a4e-8d7e-4d1c6f1f3001',
        pattern: "[x-unknown:value = 'a']",
        pattern_type: 'stix',
      },
    ],
  });
