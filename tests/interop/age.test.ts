import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Decrypter } from 'age-encryption';
import type { Crypto } from '../../electron/core/ports/index.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { encryptAge } from '../../electron/core/features/filings/package/index.ts';
import { describeWith, run, scratch } from './outside-command.ts';
import { collect } from './sample-package.ts';

const random = createNodeRandom();
const MIB = 1024 * 1024;

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

describeWith(['age', 'age-keygen'], 'encryption against age', () => {
  const folder = scratch();
  afterAll(() => folder.dispose());
  let crypto: Crypto;
  let recipient = '';
  const identity = folder.join('key.txt');
  beforeAll(async () => {
    crypto = await loadCrypto();
    run('age-keygen', ['-o', identity]);
    recipient = run('age-keygen', ['-y', identity]).trim();
  });

  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 4 * MIB, 4 * MIB + 1, 9 * MIB + 77])(
    'age -d opens %i bytes, whatever the pieces',
    async (size) => {
      const content = Buffer.from(random.bytes(size));
      for (const piece of [65_536, 100_003, 3 * MIB]) {
        const lock = { kind: 'recipients', keys: [recipient] } as const;
        const sealed = await collect(encryptAge(pieces(content, piece), lock, { random, crypto }));
        writeFileSync(folder.join('x.age'), sealed);
        const opened = execFileSync('age', ['-d', '-i', identity, folder.join('x.age')], {
          maxBuffer: 64 * MIB,
        });
        expect(opened.equals(content)).toBe(true);
      }
    },
  );

  it('wipes what it held back of the content, also where whoever takes it stops half way', async () => {
    const wiped: Buffer[] = [];
    const watched: Crypto = {
      ...crypto,
      zero: (...buffers) => {
        for (const one of buffers) if (one.length === 65_536) wiped.push(Buffer.from(one));
        crypto.zero(...buffers);
        for (const one of buffers) expect(one.every((byte) => byte === 0)).toBe(true);
      },
    };
    const content = Buffer.alloc(9 * MIB, 'canario');
    const lock = { kind: 'recipients', keys: [recipient] } as const;
    const take = async (): Promise<void> => {
      let taken = 0;
      for await (const _ of encryptAge(pieces(content, 100_003), lock, { random, crypto: watched })) {
        taken += 1;
        if (taken === 2) throw new Error('disk full');
      }
    };
    await expect(take()).rejects.toThrow('disk full');
    expect(wiped.map((one) => one.includes('canario'))).toEqual([true]);
  });

  it('opens for each of several recipients and not for a stranger', async () => {
    run('age-keygen', ['-o', folder.join('second.txt')]);
    run('age-keygen', ['-o', folder.join('stranger.txt')]);
    const second = run('age-keygen', ['-y', folder.join('second.txt')]).trim();
    const lock = { kind: 'recipients', keys: [recipient, second] } as const;
    writeFileSync(
      folder.join('two.age'),
      await collect(encryptAge(pieces(Buffer.from('hola'), 2), lock, { random, crypto })),
    );
    for (const key of [identity, folder.join('second.txt')]) {
      expect(run('age', ['-d', '-i', key, folder.join('two.age')])).toBe('hola');
    }
    expect(() => run('age', ['-d', '-i', folder.join('stranger.txt'), folder.join('two.age')])).toThrow();
  });

  it('refuses what is no X25519 key before it gives a byte', async () => {
    const bad = [
      'age1',
      recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')),
      'ssh-ed25519 AAAA',
      recipient.toUpperCase(),
    ];
    for (const key of bad) {
      const stream = encryptAge(
        pieces(Buffer.from('x'), 1),
        { kind: 'recipients', keys: [key] },
        { random, crypto },
      );
      await expect(stream.next()).rejects.toMatchObject({ code: 'export.recipientKeyInvalid' });
    }
  });

  it('a passphrase stands alone with work factor 18, and opens', async () => {
    const passphrase = Buffer.from('uno dos tres cuatro cinco seis siete ocho nueve diez', 'utf8');
    const sealed = await collect(
      encryptAge(pieces(Buffer.from('contenido'), 4), { kind: 'passphrase', passphrase }, { random, crypto }),
    );
    const header = sealed.toString('latin1', 0, 200).split('\n');
    expect(header[1]).toMatch(/^-> scrypt [A-Za-z0-9+/]{22} 18$/);
    expect(header[3]).toMatch(/^---/);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase.toString('utf8'));
    expect(await decrypter.decrypt(sealed, 'text')).toBe('contenido');
    // The command asks for a passphrase on a terminal only.
    writeFileSync(folder.join('pass.age'), sealed);
    const script = [
      'import os,pty,sys,time',
      'pid,fd=pty.fork()',
      'if pid==0: os.execvp("age",["age","-d","-o",sys.argv[2],sys.argv[1]])',
      'time.sleep(0.5); os.write(fd,sys.argv[3].encode()+b"\\n")',
      'try:',
      '  while os.read(fd,1024): pass',
      'except OSError: pass',
      'sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid,0)[1]))',
    ].join('\n');
    run('python3', [
      '-c',
      script,
      folder.join('pass.age'),
      folder.join('pass.out'),
      passphrase.toString('utf8'),
    ]);
    expect(readFileSync(folder.join('pass.out'), 'utf8')).toBe('contenido');
  });

  it('streams 300 MiB in constant memory', async () => {
    const chunk = Buffer.from(random.bytes(4 * MIB));
    const count = 75;
    const before = createHash('sha256');
    async function* source(): AsyncGenerator<Buffer> {
      for (let at = 0; at < count; at += 1) {
        before.update(chunk);
        yield chunk;
      }
      await Promise.resolve();
    }
    const file = await open(folder.join('large.age'), 'w');
    const start = process.hrtime.bigint();
    let peak = 0;
    for await (const part of encryptAge(
      source(),
      { kind: 'recipients', keys: [recipient] },
      { random, crypto },
    )) {
      await file.write(part);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    await file.close();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.info(
      `age: ${((count * 4) / seconds).toFixed(0)} MiB/s with hashing and writing, peak ${(peak / MIB).toFixed(0)} MiB`,
    );
    run('age', ['-d', '-i', identity, '-o', folder.join('large.out'), folder.join('large.age')]);
    const after = createHash('sha256');
    for await (const part of createReadStream(folder.join('large.out'))) after.update(part as Buffer);
    expect(after.digest('hex')).toBe(before.digest('hex'));
    expect(peak).toBeLessThan(700 * MIB);
  });
});
