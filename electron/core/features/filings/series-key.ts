import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { read, sql } from '../../db/index.ts';
import type { SeriesKey } from './package/index.ts';

/** The signing key of a recipient series. The caller zeroes `secretKey`. Errors: `record.notFound`. */
export const seriesKeyOf = (call: OpenCall, seriesId: string): SeriesKey => {
  const { seed } = read(call, (db) =>
    db.need(
      sql`SELECT seed FROM series_key WHERE series_id = ${seriesId}`,
      z.object({ seed: z.instanceof(Uint8Array) }),
    ),
  );
  const copy = Buffer.allocUnsafeSlow(seed.length);
  copy.set(seed);
  try {
    return call.core.ports.crypto.signSeedKeyPair(copy);
  } finally {
    call.core.ports.crypto.zero(copy);
    seed.fill(0);
  }
};
