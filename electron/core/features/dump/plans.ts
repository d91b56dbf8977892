import type { DumpLock } from '#shared/contract/dump.ts';
import type { Language } from '#shared/model/common.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import type { Session } from '../../session.ts';
import { coordinators, type Statement } from '../approvals/index.ts';

/** A plan that nobody used within the hour is forgotten: who approved it approved it for now. */
const LIFE_MS = 60 * 60_000;

/** A dump that was prepared: what was chosen, and where the vault stood. It lives in memory until the lock. */
export interface DumpPlan {
  readonly id: string;
  readonly lock: DumpLock;
  readonly reservedNotes: boolean;
  readonly language: Language;
  readonly madeBy: string;
  /** Hash of the last journal entry when it was prepared, hex. */
  readonly head: string;
  /** By the clock that only grows. */
  readonly endsAt: number;
}

const plansOf = new WeakMap<Session, Map<string, DumpPlan>>();

/** Keeps a plan for this session. */
export const keepPlan = (call: OpenCall, plan: Omit<DumpPlan, 'id' | 'endsAt'>): DumpPlan => {
  const { clock, random } = call.core.ports;
  const kept: DumpPlan = {
    ...plan,
    id: random.bytes(16).toString('hex'),
    endsAt: clock.monotonic() + LIFE_MS,
  };
  const plans = plansOf.get(call.session) ?? new Map<string, DumpPlan>();
  plans.set(kept.id, kept);
  plansOf.set(call.session, plans);
  return kept;
};

/** @throws AppError `dump.planUnknown` */
export const needPlan = (call: OpenCall, id: string): DumpPlan => {
  const plan = plansOf.get(call.session)?.get(id);
  if (plan === undefined || call.core.ports.clock.monotonic() >= plan.endsAt)
    throw new AppError('dump.planUnknown');
  return plan;
};

export const forgetPlan = (call: OpenCall, id: string): void => {
  plansOf.get(call.session)?.delete(id);
};

/** What another coordinator signs before the whole vault leaves. */
export const dumpStatement = (plan: DumpPlan): Statement => ({
  kind: 'dump',
  subject: plan.id,
  parts: [
    { name: 'lock', value: plan.lock.kind },
    {
      name: 'recipients',
      value: plan.lock.kind === 'recipients' ? [...plan.lock.keys].sort().join(' ') : '',
    },
    { name: 'reservedNotes', value: plan.reservedNotes ? 'yes' : 'no' },
    { name: 'journal', value: plan.head },
  ],
  makers: [plan.madeBy],
  power: 'keys',
});

/** @throws AppError `dump.planUnknown` */
export const statementOfDump = (
  call: OpenCall,
  id: string,
): { readonly statement: Statement; readonly required: boolean } => ({
  statement: dumpStatement(needPlan(call, id)),
  required: coordinators(call).length >= 2,
});
