import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStixBundle } from '#shared/surveillance/stix-bundle.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/stix');
const present = existsSync(FOLDER);
const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.stix2')) : [];

describe.skipIf(!present)('published indicator sets', () => {
  it.each(files)('%s loads without a silent loss', (name) => {
    const content = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as {
      objects: { type: string; pattern?: string }[];
    };
    const patterns = content.objects.filter((object) => object.type === 'indicator');
    const read = readStixBundle(content, name, '2026-11-22');
    const distinct = new Set(patterns.map(({ pattern }) => pattern)).size;
    expect(read.skipped).toEqual([]);
    expect(read.indicators.length).toBeGreaterThan(0);
    expect(read.indicators.length).toBeLessThanOrEqual(patterns.length);
    // What is fewer than the patterns is named twice by one collection, never lost.
    expect(read.indicators.length).toBeGreaterThanOrEqual(Math.min(distinct, read.mvtIndicators.length));
    expect(read.mvtIndicators.length).toBe(read.indicators.length);
  });
});
