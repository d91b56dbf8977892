import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { openPackage, verifyPackage } from '../../electron/core/features/filings/package/index.ts';
import { describeWith, run, scratch, tryRun } from './outside-command.ts';
import { collect, samplePackage } from './sample-package.ts';
import { seededRandom } from './seeded-random.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describeWith(
  ['unzip', 'sha256sum', 'python3'],
  'a case package against unzip, sha256sum and a BagIt check in Python',
  () => {
    const folder = scratch();
    afterAll(() => folder.dispose());
    const bag = folder.join('paquete-2026-11-22');
    beforeAll(async () => {
      const crypto = await loadCrypto();
      const made = await samplePackage(crypto, seededRandom('bag'));
      writeFileSync(folder.join('paquete.zip'), await collect(made.bag.zip()));
      run('unzip', ['-q', folder.join('paquete.zip')], folder.path);
    });

    it('unzip finds no fault, and python reads the same names', () => {
      expect(run('unzip', ['-t', folder.join('paquete.zip')])).toContain('No errors detected');
      const script =
        'import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(z.testzip(),all(i.date_time==(1980,1,1,0,0,0) and i.extra==b"" and i.comment==b"" and i.external_attr>>16==0o100644 for i in z.infolist()),z.comment,sorted(z.namelist())==z.namelist())';
      expect(run('python3', ['-c', script, folder.join('paquete.zip')]).trim()).toBe("None True b'' True");
    });

    it('sha256sum -c accepts both lists', () => {
      for (const list of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
        expect(run('sha256sum', ['-c', list], bag)).not.toContain('FAILED');
      }
    });

    it('is a valid BagIt 1.0 bag by an independent reading of RFC 8493', () => {
      const script = `
import sys,os,hashlib
b=sys.argv[1]
assert open(b+'/bagit.txt','rb').read()==b'BagIt-Version: 1.0\\nTag-File-Character-Encoding: UTF-8\\n'
man={}
for l in open(b+'/manifest-sha256.txt',encoding='utf-8'):
    h,p=l.rstrip('\\n').split('  ',1); man[p]=h
have={}
n=0;size=0
for d,_,fs in os.walk(b+'/data'):
    for f in fs:
        p=os.path.join(d,f); raw=open(p,'rb').read(); n+=1; size+=len(raw)
        have[os.path.relpath(p,b)]=hashlib.sha256(raw).hexdigest()
assert man==have
info=dict(l.rstrip('\\n').split(': ',1) for l in open(b+'/bag-info.txt'))
assert info=={'Bagging-Date':'2026-11-22','Payload-Oxum':'%d.%d'%(size,n)},info
tag={l.rstrip('\\n').split('  ',1)[1]:l.split('  ',1)[0] for l in open(b+'/tagmanifest-sha256.txt')}
assert set(tag)=={'bagit.txt','bag-info.txt','manifest-sha256.txt','LEEME.txt'},tag
for p,h in tag.items(): assert hashlib.sha256(open(b+'/'+p,'rb').read()).hexdigest()==h
print('valid')
`;
      expect(run('python3', ['-c', script, bag]).trim()).toBe('valid');
    });

    it('says in both languages what the checks show and what they do not', () => {
      const readme = readFileSync(`${bag}/LEEME.txt`, 'utf8');
      expect(readme).toContain('No muestran quién hizo el paquete');
      expect(readme).toContain('They do not show who made the package');
      for (const command of ['sha256sum -c manifest-sha256.txt', 'certutil -hashfile', 'minisign -Vm']) {
        expect(readme.split(command).length).toBeGreaterThanOrEqual(3);
      }
    });

    it('our own check agrees, on the zip and on the folder, and sees one changed byte', async () => {
      const crypto = await loadCrypto();
      const disk = createNodeDisk();
      for (const path of [folder.join('paquete.zip'), bag]) {
        const reader = await openPackage(disk, path);
        expect(await verifyPackage(reader, crypto)).toMatchObject({
          intact: true,
          authentic: null,
          problems: [],
        });
        await reader.close();
      }
      const target = `${bag}/data/annexes/Anexo_02_testimonio.pdf`;
      writeFileSync(target, 'testimoniO');
      const reader = await openPackage(disk, bag);
      const verdict = await verifyPackage(reader, crypto);
      expect(verdict.intact).toBe(false);
      expect(verdict.problems).toEqual([{ kind: 'altered', path: 'data/annexes/Anexo_02_testimonio.pdf' }]);
      expect(tryRun('sha256sum', ['-c', 'manifest-sha256.txt'], bag).code).not.toBe(0);
    });
  },
);

describe('the same bytes on another computer', () => {
  const out = fileURLToPath(new URL(`../../.build/interop-${String(process.pid)}/`, import.meta.url));
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('zone, language, user and folder change nothing', async () => {
    mkdirSync(out, { recursive: true });
    await build({
      stdin: {
        contents: `
          import { loadCrypto } from './electron/core/crypto/load-crypto.ts';
          import { samplePackage, collect } from './tests/interop/sample-package.ts';
          import { seededRandom } from './tests/interop/seeded-random.ts';
          import { writeFileSync } from 'node:fs';
          const made = await samplePackage(await loadCrypto(), seededRandom('same'));
          writeFileSync(process.argv[2], await collect(made.bag.zip()));`,
        resolveDir: root,
        loader: 'ts',
      },
      outfile: `${out}make.mjs`,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      alias: { '#shared': `${root}shared`, '#resources': `${root}resources` },
      logLevel: 'silent',
    });
    const make = (name: string, env: Record<string, string>): Buffer => {
      execFileSync(process.execPath, [`${out}make.mjs`, `${out}${name}`], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        cwd: env['HOME'] ?? root,
      });
      return readFileSync(`${out}${name}`);
    };
    const here = make('a.zip', {
      TZ: 'America/Mexico_City',
      LANG: 'es_MX.UTF-8',
      USER: 'ana',
      HOME: '/tmp',
      HOSTNAME: 'one',
    });
    const there = make('b.zip', {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'C',
      USER: 'beto',
      HOME: '/',
      HOSTNAME: 'two',
    });
    expect(statSync(`${out}a.zip`).size).toBeGreaterThan(100_000);
    expect(there.equals(here)).toBe(true);
  });
});
