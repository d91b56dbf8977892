import type { ExportView } from '#shared/contract/exports.ts';

type Digital = { readonly digital: Pick<ExportView['digital'], 'altered'> };

/** How many altered examinations still stop this export: those that nobody left out. */
export const stopping = ({ digital }: Digital): number =>
  digital.altered.filter((one) => !one.leftOut).length;

/** Whether an altered examination still stops this export. */
export const isStopped = (view: Digital): boolean => stopping(view) > 0;
