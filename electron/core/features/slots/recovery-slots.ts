import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { ASKED_WORDS } from '#shared/model/recovery.ts';
import { shareColour, shareCommitment, shareSecret } from '../../crypto/recovery-shares.ts';
import { foldWord, secretToWords, typedWords } from '../../crypto/recovery-words.ts';
import { shuffled } from '../../crypto/slots.ts';
import type { LiveTicket, OpenCall } from '../../context.ts';
import { vaultOf, type OpenVault } from '../vault/index.ts';
import {
  bringIn,
  rowOf,
  sealNewSlot,
  statementOf,
  type NewSlot,
  type SealedSlot,
  type SlotFacts,
} from './bring-in.ts';
import { sharesPurpose, wordsPurpose, type PrepareOf } from './purposes.ts';
import { needsApprover } from './slot-rules.ts';
import { withProof } from './with-proof.ts';

type Payload = PrepareOf<'slots.addWords'> | PrepareOf<'slots.addShares'>;
type Shown = CallOutput<'slots.draw'>;

/** What is kept with a ticket between showing and typing back. */
interface Drawn {
  readonly secret: Buffer;
  readonly shown: Shown;
  readonly shares: NewSlot['shares'];
  /** Sealed anew each time it is shown, with the statement that a second coordinator signed. */
  sealed: { readonly slot: SealedSlot; readonly stated: NonNullable<NewSlot['stated']> } | null;
}

const drawn = new WeakMap<LiveTicket<Payload>, Drawn>();

/** The ticket, whichever of the two kinds it is of. */
const ticketOf = (call: OpenCall, id: string): LiveTicket<Payload> => {
  const { core, session } = call;
  const purpose: unknown = core.tickets.any(session, id).purpose;
  return purpose === wordsPurpose
    ? (core.tickets.need(session, wordsPurpose, id) as LiveTicket<Payload>)
    : (core.tickets.need(session, sharesPurpose, id) as LiveTicket<Payload>);
};

const factsOf = (payload: Payload, sealed: SealedSlot): SlotFacts => ({
  name: payload.name,
  powers: PRESETS.coordination,
  kind: payload.purpose === 'slots.addWords' ? 'words' : 'shares',
  sealed,
});

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** A few numbers out of many, in their order. */
const some = (vault: OpenVault, from: number, count: number): number[] =>
  shuffled(vault.ports.random, range(from))
    .slice(0, count)
    .sort((a, b) => a - b);

const drawWords = (vault: OpenVault, payload: PrepareOf<'slots.addWords'>): Drawn => {
  const { crypto, random } = vault.ports;
  const secret = random.bytes(32);
  crypto.lockMemory(secret);
  const words = secretToWords(crypto, secret, payload.language);
  return {
    secret,
    shares: undefined,
    sealed: null,
    shown: {
      kind: 'words',
      language: payload.language,
      needed: 1,
      colour: null,
      pages: [{ page: 1, words }],
      ask: some(vault, words.length, ASKED_WORDS).map((word) => ({ page: 1, word })),
      retype: 1,
    },
  };
};

/** Two words of every page, so that each was copied at all, and one page whole, so that somebody read one through. */
const drawShares = async (vault: OpenVault, payload: PrepareOf<'slots.addShares'>): Promise<Drawn> => {
  const { crypto, random } = vault.ports;
  const secret = random.bytes(32);
  crypto.lockMemory(secret);
  const set = await shareSecret(crypto, random, secret, payload);
  return {
    secret,
    shares: {
      setId: set.setId,
      commitment: shareCommitment(crypto, secret),
      needed: payload.needed,
      pages: payload.pages,
    },
    sealed: null,
    shown: {
      kind: 'shares',
      language: payload.language,
      needed: payload.needed,
      colour: shareColour(set.setId),
      pages: set.pages.map((words, index) => ({ page: index + 1, words: [...words] })),
      ask: set.pages.flatMap((words, index) =>
        some(vault, words.length, 2).map((word) => ({ page: index + 1, word })),
      ),
      retype: some(vault, payload.pages, 1)[0] ?? 1,
    },
  };
};

/**
 * Draws words or pages and seals a slot with what they stand for, in memory. Whoever asks again gets the same ones:
 * they may be on paper already.
 */
export const drawRecovery = async (
  call: OpenCall,
  input: HandlerInput<'slots.draw'>,
): Promise<CallOutput<'slots.draw'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = ticketOf(call, input.ticket);
  return withProof(core, vault, input, async (proof, approve) => {
    let state = drawn.get(ticket);
    if (state === undefined) {
      const { payload } = ticket;
      const made =
        payload.purpose === 'slots.addWords' ? drawWords(vault, payload) : await drawShares(vault, payload);
      ticket.onEnd(() => {
        core.ports.crypto.zero(made.secret);
        made.sealed?.slot.keys.wipe();
      });
      drawn.set(ticket, made);
      state = made;
    }
    state.sealed?.slot.keys.wipe();
    const sealed = sealNewSlot(vault, {
      masterKey: proof.masterKey,
      accessKey: state.secret,
      factor: { kind: 'none' },
    });
    const addedAt = core.ports.clock.now();
    const statement = statementOf(vault, factsOf(ticket.payload, sealed), addedAt);
    state.sealed = {
      slot: sealed,
      stated: { addedAt, signer: statement.signer, approval: approve?.(statement) ?? null },
    };
    return state.shown;
  });
};

/** What was typed stands for that word: the same letters, or its beginning from four letters on. */
const isWord = (typed: string | undefined, word: string | undefined): boolean => {
  if (typed === undefined || word === undefined) return false;
  const whole = foldWord(word);
  return typed === whole || (typed.length >= 4 && whole.startsWith(typed));
};

/** Errors: `recovery.notCopied`. */
const requireCopied = (shown: Shown, input: HandlerInput<'slots.confirm'>): void => {
  const wordsOf = (page: number): readonly string[] =>
    shown.pages.find((one) => one.page === page)?.words ?? [];
  const asked =
    input.asked.length === shown.ask.length &&
    shown.ask.every(({ page, word }, index) =>
      isWord(typedWords(input.asked[index] ?? '')[0], wordsOf(page)[word - 1]),
    );
  const whole = wordsOf(shown.retype);
  const retyped = typedWords(input.retyped);
  const same = retyped.length === whole.length && whole.every((word, index) => isWord(retyped[index], word));
  if (!asked) throw new AppError('recovery.notCopied', { field: 'asked' });
  if (!same) throw new AppError('recovery.notCopied', { field: 'retyped' });
};

/** Typed back: now the slot goes live. */
export const confirmRecovery = async (
  call: OpenCall,
  input: HandlerInput<'slots.confirm'>,
): Promise<CallOutput<'slots.confirm'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = ticketOf(call, input.ticket);
  const state = drawn.get(ticket);
  // After a rotation or a changed passphrase what was sealed and signed is not the vault's: it is drawn again.
  const sealed = state?.sealed ?? null;
  const stands =
    sealed !== null &&
    sealed.slot.generation === vault.generation &&
    sealed.stated.signer.equals(vault.slot.signPublic) &&
    (sealed.stated.approval !== null || !needsApprover(vault));
  if (state === undefined || !stands) {
    throw new AppError('ticket.notProven');
  }
  requireCopied(state.shown, input);
  const { payload } = ticket;
  const replaces = payload.replaces === undefined ? null : (rowOf(vault, payload.replaces) ?? null);
  const row = await bringIn(core, vault, call.method, {
    ...factsOf(payload, sealed.slot),
    factor: 'none',
    epoch: null,
    replaces: replaces?.retired_at_seq === null ? replaces : null,
    // A page that is out of hand together with others is a way in.
    exposed: replaces !== null,
    ...(state.shares === undefined ? {} : { shares: state.shares }),
    stated: sealed.stated,
  });
  ticket.end();
  return { slot: row.id };
};
