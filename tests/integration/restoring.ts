import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { Bench } from './harness.ts';

/** What is taken away after a copy, and the way back from one: steps that tests of restores share. */
type Order = CallInput<'backup.planRestore'>;

export const GROUNDS = { reason: 'lo pidió ella', legalBasis: 'Cancelación' } as const;

/** Restores what the chosen copy holds, whatever happened since; the vault is left locked. */
export const restoreWhole = async (bench: Bench, order: Order): Promise<CallOutput<'backup.restore'>> => {
  const { confirmDay } = await bench.call('backup.planRestore', order);
  return bench.call('backup.restore', { ...order, confirmDay, apply: false });
};

/** What a restore would bring back, and the order that takes exactly that away again. */
export const planWithout = async (
  bench: Bench,
  order: Order,
): Promise<{ plan: CallOutput<'backup.planRestore'>; order: CallInput<'backup.restore'> }> => {
  const plan = await bench.call('backup.planRestore', order);
  return { plan, order: { ...order, confirmDay: plan.confirmDay, planCode: plan.planCode, apply: true } };
};

/** Somebody in a case who lets the Mechanism have what is hers. Gives what takes that back. */
export const consentGiven = async (bench: Bench, caseId: CaseId): Promise<{ takeBack(): Promise<void> }> => {
  const { id: personId } = await bench.call('persons.record', { name: 'Persona Inventada', caseId });
  const consent = await bench.call('consents.record', {
    caseId,
    personId,
    recipientClass: 'mechanism',
    answer: 'given',
    toBody: true,
  });
  return {
    takeBack: async () => {
      await bench.call('consents.withdraw', {
        id: consent.id,
        version: consent.version,
        day: '2026-03-09',
        reason: 'Cambió de parecer',
      });
    },
  };
};

/** The second stage for somebody who is blocked: every doubtful place is replaced. Gives what was shown before. */
export const eraseBlocked = async (
  bench: Bench,
  personId: PersonId,
): Promise<{ seen: CallOutput<'erasure.preview'>; done: CallOutput<'erasure.erase'> }> => {
  const seen = await bench.call('erasure.preview', { personId });
  const done = await bench.call('erasure.erase', {
    personId,
    requestId: null,
    ...GROUNDS,
    evidence: [],
    keepMentions: [],
    replaceMentions: seen.mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'erase',
    language: 'es',
    typed: ERASURE_CONFIRMATIONS.erase.es,
  });
  return { seen, done };
};
