import { createHash } from 'node:crypto';
import type { StoredReport } from './export-repo.ts';

/** Names exactly the bytes that were checked; inventory and release are bound to it. */
export const planHash = (stored: StoredReport): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([stored.form, stored.day, stored.files.map(({ name, sha256 }) => [name, sha256])]))
    .digest();
