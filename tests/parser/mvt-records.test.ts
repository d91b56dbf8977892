import { afterAll, describe, expect, test } from 'vitest';
import { realClient } from './parser-fixture.ts';
import { domains, fileAt, readResults, tarOf, zipOf } from './phone-fixture.ts';

const client = realClient();
afterAll(() => client.close());
const EVIL = domains('evil.example.org');

/** A record as the tool writes it: four spaces, ASCII only. */
const pythonJson = (value: unknown): string =>
  JSON.stringify(value, null, 4).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
const sms = (id: number, url: string, more: object = {}): Record<string, unknown> => ({
  ROWID: id,
  guid: `FDC6EC94-${id}`,
  text: `Mira esto ${url}`,
  isodate: '2019-08-29 23:13:30.000000',
  direction: 'received',
  links: [url],
  ...more,
});

describe('records', () => {
  test('the same findings whatever the size of the pieces', async () => {
    const list = [
      sms(1, 'https://example.com/'),
      sms(2, 'https://evil.example.org/a'),
      sms(3, 'https://example.net/ñ'),
    ];
    const bytes = Buffer.from(pythonJson(list));
    const whole = await readResults(client, bytes, { name: 'sms.json', indicators: EVIL });
    expect(whole.found).toHaveLength(1);
    expect(whole.found[0]).toMatchObject({
      module: 'sms',
      record: 1,
      observed: 'https://evil.example.org/a',
      time: '2019-08-29 23:13:30.000000',
      clock: 'utc',
      level: 'critical',
      mvt: { at: 0, how: 'full-domain' },
      strict: [{ at: 0, how: 'host' }],
    });
    for (const piece of [1, 7, 64, 513])
      expect(await readResults(client, bytes, { name: 'sms.json', indicators: EVIL, piece })).toEqual(whole);
  });

  test('whole numbers beyond 2^53 survive digit by digit, NaN and Infinity and halves of characters are borne', async () => {
    const text =
      '[{"text": "https://evil.example.org/ \\ud83d", "date": 588813210539788033, "a": NaN, "b": -Infinity, "c": Infinity, "links": ["https://evil.example.org/"]}]';
    const reading = await readResults(client, Buffer.from(text), { name: 'sms.json', indicators: EVIL });
    const file = fileAt(reading, 'sms.json');
    expect(file).toMatchObject({ status: 'read', records: 1, strange: 0 });
    expect(file.oddities).toEqual({ notFinite: 3, large: 1, loneHalves: 1 });
    expect(reading.found[0]?.excerpt).toContainEqual({ name: 'date', value: '588813210539788033' });
    expect(JSON.stringify(reading.found)).not.toContain('\\ud83d');
  });

  test('a broken file gives what stands before the fault, names the place, and the next file is read', async () => {
    const good = pythonJson([sms(1, 'https://evil.example.org/1'), sms(2, 'https://evil.example.org/2')]);
    const cut = good.slice(0, good.indexOf('"ROWID": 2') + 5);
    const reading = await readResults(
      client,
      tarOf({
        'a/sms.json': cut,
        'b/sms.json': `${good.slice(0, -2)}, {"text" "no colon"}]`,
        'c/calls.json': 'this is not JSON',
        'd/contacts.json': '',
        'e/sms.json': good,
      }),
      { indicators: EVIL },
    );
    expect(fileAt(reading, 'a/sms.json')).toMatchObject({
      status: 'partly',
      reason: 'endsEarly',
      records: 1,
      faultAt: cut.length,
    });
    const broken = fileAt(reading, 'b/sms.json');
    expect(broken).toMatchObject({ status: 'partly', reason: 'brokenJson', records: 2 });
    expect(broken.faultAt).toBeGreaterThan(good.length - 3);
    expect(fileAt(reading, 'c/calls.json')).toMatchObject({
      status: 'notRead',
      reason: 'notRecords',
      faultAt: 0,
    });
    expect(fileAt(reading, 'd/contacts.json')).toMatchObject({ reason: 'empty' });
    expect(fileAt(reading, 'e/sms.json')).toMatchObject({ status: 'read', records: 2 });
    expect(reading.found.map(({ path, record }) => `${path} ${record}`)).toEqual([
      'a/sms.json 0',
      'b/sms.json 0',
      'b/sms.json 1',
      'e/sms.json 0',
      'e/sms.json 1',
    ]);
  });

  test('objects of lists, one object a line, single objects, unknown modules and former names', async () => {
    const reading = await readResults(
      client,
      tarOf({
        'cache_files.json': pythonJson({
          'a.db': [{ entry_id: 1, url: 'https://evil.example.org/c', isodate: 'x' }],
          'b.db': [],
        }),
        'webkit_session_resource_log.json': pythonJson({
          p: [
            {
              origin: 'example.com',
              redirect_source: [],
              redirect_destination: [{ origin: 'https://evil.example.org' }],
            },
          ],
        }),
        'my_own_module.json': pythonJson([{ deep: { note: 'see hxxps://evil[.]example[.]org/x' } }]),
        'files.json': '{"path": "/a", "size": 1}\n{"path": "/b", "size": 2}\n',
        'backup_info.json': pythonJson({ 'Device Name': 'uno', 'Serial Number': 'X' }),
        'strange.json': '[1, "two", {"a": "b"}]',
      }),
      { indicators: EVIL },
    );
    const modules = reading.found.map(({ module, observed }) => `${module}: ${observed}`);
    expect(modules).toContain('cache_files: https://evil.example.org/c');
    expect(modules).toContain('webkit_session_resource_log: https://evil.example.org');
    expect(modules.filter((one) => one.startsWith('my_own_module'))).toEqual([
      'my_own_module: hxxps://evil[.]example[.]org/x',
    ]);
    expect(fileAt(reading, 'files.json')).toMatchObject({
      module: 'aqf_files',
      records: 2,
      clock: 'deviceLocal',
    });
    expect(fileAt(reading, 'backup_info.json')).toMatchObject({ status: 'read', records: 1 });
    expect(fileAt(reading, 'strange.json')).toMatchObject({ records: 3, strange: 2 });
  });

  test('records deeper than any real one stop their file, not the import', async () => {
    const deep = `[{"a": ${'['.repeat(500)}${']'.repeat(500)}}]`;
    const reading = await readResults(
      client,
      tarOf({ 'x.json': deep, 'sms.json': pythonJson([sms(1, 'https://evil.example.org/')]) }),
      { indicators: EVIL },
    );
    expect(fileAt(reading, 'x.json')).toMatchObject({ status: 'notRead', reason: 'tooDeep' });
    expect(reading.found).toHaveLength(1);
  });

  test('one record beyond every measure is passed over, those around it are read', async () => {
    const huge = sms(2, 'https://evil.example.org/huge', { blob: 'x'.repeat(20 * 1024 * 1024) });
    const text = JSON.stringify([
      sms(1, 'https://evil.example.org/1'),
      huge,
      sms(3, 'https://evil.example.org/3'),
    ]);
    const reading = await readResults(client, Buffer.from(text), { name: 'sms.json', indicators: EVIL });
    expect(fileAt(reading, 'sms.json')).toMatchObject({ status: 'partly', reason: 'recordTooLarge' });
    expect(reading.found.map(({ record }) => record)).toEqual([0, 2]);
  });

  test('redirects within a second are found across a whole history, in two readings', async () => {
    const visit = (id: number, url: string, timestamp: number, more: object = {}) => ({
      id,
      url,
      visit_id: id,
      timestamp,
      isodate: 'x',
      redirect_source: null,
      redirect_destination: null,
      safari_history_db: 'h.db',
      ...more,
    });
    const history = [
      visit(9, 'https://injected.example.net/', 600_000_000.2),
      ...Array.from({ length: 3_000 }, (_, at) =>
        visit(100 + at, `https://example.com/${at}`, 600_000_100 + at),
      ),
      visit(1, 'http://periodico.example.org/nota', 600_000_000, { redirect_destination: 9 }),
      visit(2, 'http://periodico.example.org/otra', 600_000_000, { redirect_destination: 150 }),
    ];
    const reading = await readResults(client, Buffer.from(pythonJson(history)), {
      name: 'safari_history.json',
      piece: 60_000,
    });
    expect(reading.readings).toBe(2);
    const heuristics = reading.found.filter(({ message }) => message.startsWith('Redirect took less'));
    expect(heuristics).toHaveLength(1);
    expect(heuristics[0]).toMatchObject({ level: 'medium', record: 3_001, mvt: null, strict: [] });
    expect(fileAt(reading, 'safari_history.json').records).toBe(3_003);
  });
});

describe('what a tool had found itself', () => {
  const record = { service: 'kTCC', client: 'Launch', last_modified: '2021-12-03 19:32:03.000000' };
  const mark = { value: 'Launch', type: 'processes', name: 'TestMalware', stix2_file_name: 'x.stix2' };

  test('marked records of older versions and alerts of newer ones', async () => {
    const alert = {
      level: 'LOW',
      module: 'datausage',
      message: 'Missing process 5.',
      event_time: 't',
      event: { proc_id: 4 },
      matched_indicator: null,
    };
    const reading = await readResults(
      client,
      tarOf({
        'tcc_detected.json': pythonJson([{ ...record, matched_indicator: mark }]),
        'tcc.json': pythonJson([{ matched_indicator: mark, ...record }]),
        'alerts.json': pythonJson([alert]),
        'alerts_timeline.csv':
          '"Event Time","Module","Message","Event"\n"2019","datausage","Only ""here""","{\'a\': None, \'b\': \'C:\\\\\\\\x\'}"\n',
      }),
      { indicators: [{ value: 'Launch', type: 'processes', collection: 'TestMalware', set: 'x.stix2' }] },
    );
    const tool = reading.found.filter(({ source }) => source === 'tool');
    expect(tool.map(({ level, message }) => [level, message])).toEqual([
      ['critical', ''],
      ['low', 'Missing process 5.'],
      ['medium', 'Only "here"'],
    ]);
    expect(tool[2]?.excerpt).toEqual([{ name: 'event', value: "{'a': None, 'b': 'C:\\\\x'}" }]);
    const own = reading.found.find(({ source, module }) => source === 'own' && module === 'tcc');
    // The mark that older versions wrote into the record, and the order of its fields, make no other record of it.
    expect(own?.sameAs).toBe(tool[0]?.sameAs);
  });

  test('timelines: repeated headers, repeated rows, doubled backslashes, both clocks, CR CR LF', async () => {
    const row = (time: string, text: string) => `"${time}","SMS","received","${text}"\n`;
    const head = '"UTC Timestamp","Plugin","Event","Description"\n';
    const body =
      row('2020-01-02 00:00:00.000000', 'a \\\\ b') +
      row('2019-01-01 00:00:00.000000', 'two\nlines ""here""');
    const reading = await readResults(
      client,
      tarOf({
        'ios/timeline.csv': head + body + head + body + row('2021-05-05 00:00:00.000000', 'new'),
        'android/timeline.csv':
          `${head.replace('UTC Timestamp', 'Device Local Timestamp')}${body}`.replaceAll('"\n', '"\r\r\n'),
        'cut/timeline.csv': `${head}"2020","SMS","x","never clos`,
      }),
    );
    expect(fileAt(reading, 'ios/timeline.csv')).toMatchObject({
      clock: 'utc',
      records: 3,
      timeline: {
        first: '2019-01-01 00:00:00.000000',
        last: '2021-05-05 00:00:00.000000',
        repeatedHeaders: 1,
        duplicateRows: 2,
      },
    });
    expect(fileAt(reading, 'android/timeline.csv')).toMatchObject({
      clock: 'deviceLocal',
      records: 2,
      strange: 0,
    });
    expect(fileAt(reading, 'cut/timeline.csv')).toMatchObject({ reason: 'endsEarly' });
  });

  test('info.json: hashes of what lies beside are compared, the log tells its own', async () => {
    const hash = (name: string) => ({
      file_path: `/home/ana/phone/${name}`,
      sha256: name === 'Info.plist' ? 'c0'.repeat(32) : 'ab'.repeat(32),
    });
    const info = pythonJson({
      target_path: '/home/ana/phone',
      mvt_version: '2.6.1',
      date: '2024-01-01',
      ioc_files: ['/a.stix2'],
      hashes: [hash('Info.plist'), hash('Status.plist'), hash('gone.db')],
    });
    const log = `2024 - mvt.ios.cmd - INFO - Checking iTunes backup located at: /x\n2024 - mvt.ios.cmd - INFO - Reference hash of the info.json file: "${'0'.repeat(64)}"\n2024 - mvt.ios.cmd - INFO - Reference hash of the info.json file: "${'1'.repeat(64)}"\n`;
    const reading = await readResults(
      client,
      tarOf({
        'out/info.json': info,
        'out/command.log': log,
        'phone/Info.plist': 'changed',
        'phone/Status.plist': 'x',
      }),
    );
    expect(fileAt(reading, 'out/info.json').info).toMatchObject({
      toolVersion: '2.6.1',
      indicatorFiles: ['/a.stix2'],
      hashes: {
        total: 3,
        verified: 0,
        differentCount: 2,
        different: ['Info.plist', 'Status.plist'],
        notHere: 1,
      },
    });
    expect(fileAt(reading, 'out/command.log').log).toMatchObject({
      platform: 'ios',
      infoHash: '1'.repeat(64),
      runs: 1,
    });
  });
});

test('a zip tells the same as the folder', async () => {
  const files = {
    'x/sms.json': pythonJson([sms(1, 'https://evil.example.org/')]),
    'x/info.json': '{"mvt_version": "2.6.1"}',
    'x/photo.jpg': 'JFIF',
  };
  const [zip, tar] = [
    await readResults(client, await zipOf(files), { indicators: EVIL, piece: 97 }),
    await readResults(client, tarOf(files), { indicators: EVIL }),
  ];
  expect(zip.container).toBe('zip');
  expect(zip.found).toEqual(tar.found);
  expect(fileAt(zip, 'x/photo.jpg')).toMatchObject({ status: 'notRead', reason: 'unknownFile' });
});
