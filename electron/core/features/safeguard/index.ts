import type { SafeguardState } from '#shared/contract/safeguard.ts';
import { AppError } from '#shared/errors.ts';
import { targetIdSchema } from '#shared/model/ids.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { OpenCall } from '../../context.ts';
import { read, write, type Reader, type Tx } from '../../db/index.ts';
import { SlotFamilies } from '../access/index.ts';
import {
  isKnownTarget,
  keepSafeguard,
  knownDeliveries,
  storedSafeguard,
  type StoredSafeguard,
} from './safeguard-repo.ts';

const saidOf = ({ by, at }: { by: string; at: number }) => ({ by, at: new Date(at).toISOString() });

/** What this person may see of the list: deliveries of cases out of sight are not in it. */
const shown = (db: Reader, stored: StoredSafeguard): SafeguardState => {
  const known = knownDeliveries(
    db,
    stored.gone.map(({ ledgerId }) => ledgerId),
  );
  const families = new SlotFamilies(db);
  return {
    steps: stored.steps.map((one) => ({ step: one.step, ...saidOf(one) })),
    // Whoever has left, or a stick that was forgotten, carries nothing any more.
    carriers: stored.carriers.flatMap((one) => {
      const family = families.of(one.slotId);
      return family?.active === true && isKnownTarget(db, one.target)
        ? [
            {
              target: targetIdSchema.parse(one.target),
              slotId: family.current,
              name: family.name,
              ...saidOf(one),
            },
          ]
        : [];
    }),
    gone: stored.gone
      .filter(({ ledgerId }) => known.has(ledgerId))
      .map((one) => ({ ledgerId: one.ledgerId, ...saidOf(one) })),
  };
};

const change = (
  call: OpenCall,
  next: (stored: StoredSafeguard, tx: Tx, said: { by: string; at: number }) => StoredSafeguard,
): SafeguardState =>
  write(call, (tx) => {
    const said = { by: call.session.actor.name, at: call.core.ports.clock.now() };
    const state = next(storedSafeguard(tx), tx, said);
    keepSafeguard(tx, state);
    return shown(tx, state);
  });

/**
 * The list for the hour before somebody may come. That a delivered copy is gone goes into the journal: it is a
 * statement about what left, and stands with the delivery.
 */
export const safeguardHandlers: Handlers<
  'safeguard.state' | 'safeguard.tick' | 'safeguard.carry' | 'safeguard.copyGone' | 'safeguard.startOver'
> = {
  'safeguard.state': (call) => {
    const state = read(call, (db) => shown(db, storedSafeguard(db)));
    return state;
  },
  'safeguard.tick': (call, { step, done }) =>
    change(call, (stored, _tx, said) => ({
      ...stored,
      steps: [...stored.steps.filter((one) => one.step !== step), ...(done ? [{ step, ...said }] : [])],
    })),
  'safeguard.carry': (call, { target, slotId }) =>
    change(call, (stored, tx, said) => {
      const people = new SlotFamilies(tx).people;
      if (!isKnownTarget(tx, target)) throw new AppError('record.notFound');
      if (slotId !== null && !people.some((one) => one.current === slotId))
        throw new AppError('record.notFound');
      return {
        ...stored,
        carriers: [
          ...stored.carriers.filter((one) => one.target !== target),
          ...(slotId === null ? [] : [{ target, slotId, ...said }]),
        ],
      };
    }),
  'safeguard.copyGone': (call, { ledgerId, gone }) =>
    change(call, (stored, tx, said) => {
      if (!knownDeliveries(tx, [ledgerId]).has(ledgerId)) throw new AppError('record.notFound');
      tx.journal({ table: 'ledger', id: ledgerId, payload: { copiesGoneHere: gone } });
      return {
        ...stored,
        gone: [
          ...stored.gone.filter((one) => one.ledgerId !== ledgerId),
          ...(gone ? [{ ledgerId, ...said }] : []),
        ],
      };
    }),
  'safeguard.startOver': (call) => change(call, (stored) => ({ ...stored, steps: [], carriers: [] })),
};
