import { z } from 'zod';
import type { HandlerInput } from '#shared/contract/index.ts';
import type { SlotFactor } from '#shared/contract/slots.ts';
import { AppError } from '#shared/errors.ts';
import { PRESETS } from '#shared/model/roster.ts';
import type { OpenCall, TicketFacts, TicketPurpose } from '../../context.ts';
import { vaultOf, type OpenVault, type RosterRow } from '../vault/index.ts';
import { rowsForScreen } from './list-slots.ts';
import {
  inOrder,
  liveSlots,
  needsApprover,
  needSlot,
  presetOf,
  requireCoordinatorLeft,
  requireFreeName,
  requireRoom,
} from './slot-rules.ts';

type Prepare = HandlerInput<'slots.prepare'>;
export type PrepareOf<N extends Prepare['purpose']> = Extract<Prepare, { purpose: N }>;

/** These are given by `slots.prepare` alone, which looks at the rules first. */
const ownMethodOnly = z.never();

const subjectOf = (
  row: Pick<RosterRow, 'name' | 'kind' | 'powers'>,
  factor: SlotFactor,
): NonNullable<TicketFacts['subject']> => ({
  name: row.name,
  kind: row.kind,
  factor,
  powers: [...row.powers],
  preset: presetOf(row.powers),
});

interface Kind<N extends Prepare['purpose']> {
  readonly power: 'read' | 'keys';
  /** Everything that can be refused before anybody types. */
  check(vault: OpenVault, payload: PrepareOf<N>): void;
  facts(vault: OpenVault, payload: PrepareOf<N>): TicketFacts;
}

const purpose = <N extends Prepare['purpose']>(
  name: N,
  kind: Kind<N>,
): TicketPurpose<PrepareOf<N>> & { readonly check: Kind<N>['check'] } => ({
  purpose: name,
  payload: ownMethodOnly,
  power: kind.power,
  prover: 'self',
  check: kind.check.bind(kind),
  describe: (call: OpenCall, payload) => kind.facts(vaultOf(call), payload),
});

const replacedPaper = (vault: OpenVault, id: string | undefined, kind: RosterRow['kind']): void => {
  if (id !== undefined && needSlot(vault, id).kind !== kind) throw new AppError('call.invalidInput');
};

const paper = (name: string, kind: 'words' | 'shares'): NonNullable<TicketFacts['subject']> =>
  subjectOf({ name, kind, powers: [...PRESETS.coordination] }, 'none');

export const addPurpose = purpose('slots.add', {
  power: 'keys',
  check: (vault, { name }) => {
    requireFreeName(vault, name, null);
    requireRoom(vault, null);
  },
  facts: (vault, payload) => ({
    subject: subjectOf(
      { name: payload.name, kind: 'passphrase', powers: inOrder(payload.powers) },
      payload.factor,
    ),
    needsApprover: needsApprover(vault),
  }),
});

export const wordsPurpose = purpose('slots.addWords', {
  power: 'keys',
  check: (vault, { name, replaces }) => {
    replacedPaper(vault, replaces, 'words');
    requireFreeName(vault, name, replaces ?? null);
    requireRoom(vault, replaces ?? null);
  },
  facts: (vault, payload) => ({
    subject: paper(payload.name, 'words'),
    needsApprover: needsApprover(vault),
    facts: { language: payload.language, replaces: payload.replaces !== undefined },
  }),
});

export const sharesPurpose = purpose('slots.addShares', {
  power: 'keys',
  check: (vault, { name, replaces, needed, pages }) => {
    if (needed > pages) throw new AppError('call.invalidInput', { field: 'needed' });
    replacedPaper(vault, replaces, 'shares');
    requireFreeName(vault, name, replaces ?? null);
    requireRoom(vault, replaces ?? null);
  },
  facts: (vault, payload) => ({
    subject: paper(payload.name, 'shares'),
    needsApprover: needsApprover(vault),
    facts: {
      language: payload.language,
      needed: payload.needed,
      pages: payload.pages,
      replaces: payload.replaces !== undefined,
    },
  }),
});

export const changePurpose = purpose('slots.change', {
  power: 'read',
  check: (vault) => {
    if (needSlot(vault, vault.actor.slotId).kind !== 'passphrase') throw new AppError('call.notAllowed');
  },
  facts: (vault, { factor }) => {
    const row = needSlot(vault, vault.actor.slotId);
    return {
      subject: subjectOf(row, factor ?? row.detail.factor),
      facts: { factorBefore: row.detail.factor },
    };
  },
});

export const replacePurpose = purpose('slots.replace', {
  power: 'keys',
  check: (vault, { slot }) => {
    const row = needSlot(vault, slot);
    if (row.kind !== 'passphrase' || row.id === vault.actor.slotId) throw new AppError('call.notAllowed');
  },
  facts: (vault, { slot, factor }) => ({
    subject: subjectOf(needSlot(vault, slot), factor),
    needsApprover: needsApprover(vault),
    confirm: rowsForScreen(vault).filter((row) => row.id === slot),
  }),
});

export const powersPurpose = purpose('slots.setPowers', {
  power: 'keys',
  check: (vault, { slot, powers }) => {
    const row = needSlot(vault, slot);
    if (row.kind !== 'passphrase') throw new AppError('call.notAllowed');
    requireCoordinatorLeft(
      liveSlots(vault).map((other) => (other.id === slot ? { ...other, powers: [...powers] } : other)),
    );
  },
  facts: (vault, { slot, powers }) => {
    const row = needSlot(vault, slot);
    return {
      subject: subjectOf({ ...row, powers: inOrder(powers) }, row.detail.factor),
      needsApprover: needsApprover(vault),
      confirm: rowsForScreen(vault).filter((one) => one.id === slot),
    };
  },
});

export const costPurpose = purpose('slots.raiseCost', {
  power: 'keys',
  check: () => undefined,
  facts: (vault, { cost }) => ({
    confirm: rowsForScreen(vault).filter((row) => row.kind === 'passphrase'),
    facts: {
      opsBefore: vault.kdf.ops,
      memoryBefore: vault.kdf.memBytes,
      ops: cost?.ops ?? null,
      memory: cost?.memoryBytes ?? null,
    },
  }),
});

/** What this feature gives tickets for. */
export const slotPurposes: readonly TicketPurpose<unknown>[] = [
  addPurpose,
  wordsPurpose,
  sharesPurpose,
  changePurpose,
  replacePurpose,
  powersPurpose,
  costPurpose,
] as readonly TicketPurpose<unknown>[];
