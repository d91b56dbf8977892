import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realClient } from './parser-fixture.ts';
import {
  fileAt,
  filesBelow,
  hasRealResults,
  readResults,
  REAL_RESULTS,
  realSet,
  tarOf,
  zipOf,
} from './phone-fixture.ts';

const real = hasRealResults ? describe : describe.skip;

real('results that the tool wrote for its own test devices', () => {
  const client = realClient();
  afterAll(() => client.close());

  for (const version of ['v2.6.1', 'v2026.7.29']) {
    test(`${version}: every file is read and hashed, from a folder and from a zip alike`, async () => {
      const files = filesBelow(join(REAL_RESULTS, version));
      const set = realSet('mvt-tests-indicators.stix2');
      const reading = await readResults(client, tarOf(files), set);
      expect(reading.files.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
      for (const file of reading.files) {
        expect(file, file.path).toMatchObject({ status: 'read', reason: null, strange: 0, faultAt: null });
        expect(file.sha256).toBe(
          createHash('sha256')
            .update(files[file.path] ?? '')
            .digest('hex'),
        );
      }
      const zipped = await readResults(client, await zipOf(files), { ...set, piece: 30_011 });
      expect(zipped.container).toBe('zip');
      const sorted = (list: readonly { path: string }[]) =>
        [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(sorted(zipped.files)).toEqual(sorted(reading.files));
      expect(zipped.found.length).toBe(reading.found.length);
    });

    test(`${version}: records, clocks, hashes and the reference hash`, async () => {
      const reading = await readResults(
        client,
        tarOf(filesBelow(join(REAL_RESULTS, version))),
        realSet('mvt-tests-indicators.stix2'),
      );
      for (const folder of ['ios_backup', 'androidqf', 'bugreport', 'android_backup']) {
        const info = fileAt(reading, `${folder}/info.json`);
        expect(info.info?.toolVersion).toMatch(/^20?2?6?\.?\d+\.\d+/);
        expect(fileAt(reading, `${folder}/command.log`).log?.infoHash).toBe(info.sha256);
        expect(info.info?.hashes.total).toBeGreaterThan(0);
        expect(info.info?.hashes.differentCount).toBe(0);
      }
      expect(fileAt(reading, 'ios_backup/timeline.csv')).toMatchObject({ clock: 'utc' });
      expect(fileAt(reading, 'androidqf/timeline.csv')).toMatchObject({ clock: 'deviceLocal' });
      expect(fileAt(reading, 'ios_backup/sms.json')).toMatchObject({ clock: 'utc', records: 1 });
      expect(fileAt(reading, 'ios_backup/sms.json').oddities.large).toBeGreaterThan(0);
    });

    test(`${version}: what the tool found is found again, in both modes`, async () => {
      const reading = await readResults(
        client,
        tarOf(filesBelow(join(REAL_RESULTS, version))),
        realSet('mvt-tests-indicators.stix2'),
      );
      const tool = reading.found.filter(({ source }) => source === 'tool');
      expect(tool.length).toBeGreaterThan(3);
      const own = reading.found.filter(({ source }) => source === 'own');
      const values = (list: readonly { module: string; sameAs: string }[]) =>
        new Set(list.map(({ module, sameAs }) => `${module} ${sameAs}`));
      // Every record that the tool marked with an indicator is one that we find, as the same record.
      for (const one of tool.filter(({ toolIndicator, sameAs }) => toolIndicator !== null && sameAs !== ''))
        expect(values(own)).toContain(`${one.module} ${one.sameAs}`);
      const sms = own.find(({ module, mvt }) => module === 'sms' && mvt !== null);
      expect(sms).toMatchObject({ check: 'check_url', observed: 'https://badbadbad.example.org/' });
      expect(sms?.strict.length).toBe(1);
    });
  }
});
