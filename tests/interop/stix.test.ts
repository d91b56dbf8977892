import { writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { INDICATOR_TYPES } from '#shared/surveillance/indicators.ts';
import { stixBundle } from '#shared/surveillance/stix-out.ts';
import { describeWith, run, scratch } from './outside-command.ts';

describeWith(['python3'], 'a STIX bundle read by another program', () => {
  const work = scratch();
  afterAll(() => {
    work.dispose();
  });

  test('every kind of indicator, quotes in values, times and none: all by the specification', () => {
    const bundle = stixBundle(
      INDICATOR_TYPES.flatMap((type) => [
        {
          value: "o'brien\\evil.example",
          type,
          collection: 'Faro "Negro"',
          setDay: '2026-01-01',
          count: 3,
          firstSeen: '2026-02-01T00:00:00.000Z',
          lastSeen: '2026-02-03T00:00:00.000Z',
        },
        { value: 'b', type, collection: '', setDay: null, count: 1, firstSeen: null, lastSeen: null },
      ]),
      {
        madeAt: '2026-11-22T00:00:00.000Z',
        newUuid: () => randomUUID(),
        identityName: 'Equipo',
        description: 'Sin datos de personas',
      },
    );
    const path = work.join('out.stix2.json');
    writeFileSync(path, JSON.stringify(bundle));
    expect(run('python3', [join(import.meta.dirname, 'stix_bundle.py'), path])).toMatch(/^ok \d+/);
  });
});
