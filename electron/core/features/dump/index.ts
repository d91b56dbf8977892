import type { Handlers } from '../../api/handlers.ts';
import { writeCheckReport } from './check-report-file.ts';
import { prepareDump, writeDump } from './write-dump.ts';

export { statementOfDump } from './plans.ts';
export { sweepDumps } from './write-dump.ts';

export const dumpHandlers: Handlers<'dump.prepare' | 'dump.write' | 'vault.checkReport'> = {
  'dump.prepare': prepareDump,
  'dump.write': writeDump,
  'vault.checkReport': writeCheckReport,
};
