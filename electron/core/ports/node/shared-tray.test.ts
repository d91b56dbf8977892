import { closeSync, fstatSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SharedTray } from './shared-tray.ts';

const MIB = 1024 * 1024;

describe.runIf(process.platform === 'linux')('memory that two processes see', () => {
  const read = (handle: number, at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(handle, bytes, 0, length, at);
    return bytes;
  };

  test('what is laid is read at its place; each of four slots has its own', () => {
    const tray = SharedTray.make();
    if (tray === null) throw new Error('no memory');
    const places = [0, 1, 2, 3].map((slot) => tray.lay(Buffer.alloc(MIB, slot + 1), slot));
    expect(new Set(places).size).toBe(4);
    places.forEach((at, slot) => {
      expect(read(tray.readHandle, at ?? -1, MIB).equals(Buffer.alloc(MIB, slot + 1))).toBe(true);
    });
    expect(tray.lay(Buffer.from('again'), 2)).toBe(places[2]);
    expect(read(tray.readHandle, places[2] ?? -1, 5).toString()).toBe('again');
    tray.closeReadHandle();
    tray.close();
  });

  test('too much for a slot, or after the end: the pipe takes it', () => {
    const tray = SharedTray.make();
    expect(tray?.lay(new Uint8Array(MIB + 1), 0)).toBeNull();
    tray?.closeReadHandle();
    tray?.close();
    tray?.close();
    expect(tray?.lay(new Uint8Array(1), 0)).toBeNull();
  });

  test('it has no name that anybody could open, and the handle for the parser cannot write', () => {
    const tray = SharedTray.make();
    if (tray === null) throw new Error('no memory');
    expect(readlinkSync(`/proc/self/fd/${tray.readHandle}`)).toMatch(/\(deleted\)$/u);
    expect(fstatSync(tray.readHandle).nlink).toBe(0);
    expect(() => writeSync(tray.readHandle, Buffer.from('x'))).toThrow();
    closeSync(tray.readHandle);
    tray.close();
  });
});
