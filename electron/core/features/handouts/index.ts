import type { Handlers } from '../../api/handlers.ts';
import { read } from '../../db/index.ts';
import { exportStix } from './export-stix.ts';
import { printReceipt } from './receipt.ts';
import { exportTimeline } from './timeline/export-timeline.ts';
import { handoutsOf } from './handout-repo.ts';

/** Small documents that leave outside a filing: receipts of devices, indicator bundles, timelines. */
export const handoutsHandlers: Handlers<
  'receptions.receipt' | 'surveillance.exportStix' | 'surveillance.outputs' | 'timeline.export'
> = {
  'receptions.receipt': printReceipt,
  'surveillance.exportStix': exportStix,
  'timeline.export': exportTimeline,
  'surveillance.outputs': (call, input) => ({ rows: read(call, (db) => handoutsOf(db, input.caseId)) }),
};
