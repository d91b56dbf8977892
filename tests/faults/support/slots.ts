import type { Power } from '#shared/contract/define.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { parseHeader } from '../../../electron/core/crypto/header.ts';
import { deriveSlotKeys } from '../../../electron/core/crypto/key-hierarchy.ts';
import { normalisePassphrase } from '../../../electron/core/crypto/passphrase.ts';
import { openMaster, openSlots, sealSlot } from '../../../electron/core/crypto/slots.ts';
import {
  insertRosterRow,
  putSlotDetail,
  readHeaderFile,
  signRosterRow,
  type OpenVault,
} from '../../../electron/core/features/vault/index.ts';
import { replaceHeader } from '../../../electron/core/features/vault/header-change.ts';
import type { Ports } from '../../../electron/core/ports/index.ts';
import { PASSPHRASE } from './ports.ts';

/** What opens a slot: a passphrase, or the secret of 32 bytes that words and shares stand for. */
export type Opener =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'words' | 'shares'; readonly secret: Buffer };

/** The access keys that an opener gives for a header, newest epoch first. */
export const accessKeysOf = async (
  ports: Ports,
  epochs: readonly { readonly salt: Buffer; readonly ops: number; readonly memBytes: number }[],
  opener: Opener,
): Promise<Buffer[]> => {
  if (opener.kind !== 'passphrase') return [opener.secret];
  const passphrase = normalisePassphrase(opener.passphrase);
  const keys: Buffer[] = [];
  for (const { salt, ops, memBytes } of epochs) {
    keys.push(await ports.crypto.argon2id13(passphrase, salt, ops, memBytes));
  }
  return keys;
};

/** The master key of a header file, opened as the person of the slot would. Throws as unlocking does. */
export const masterOf = async (
  ports: Ports,
  headerFile: Buffer,
  opener: Opener,
): Promise<{ readonly masterKey: Buffer; readonly generation: number; readonly slotSecret: Buffer }> => {
  const header = parseHeader(headerFile);
  const accessKeys = await accessKeysOf(ports, header.epochs, opener);
  const opened = openSlots(ports.crypto, header.id, header.slots, accessKeys, { kind: 'none' });
  const keys = deriveSlotKeys(ports.crypto, opened.slotSecret);
  return { ...openMaster(ports.crypto, opened.sealedMaster, keys), slotSecret: opened.slotSecret };
};

/** Adds a slot as a coordinator's session does: roster row signed, header replaced. Gives its id. */
export const addSlot = async (
  vault: OpenVault,
  name: string,
  opener: Opener,
  powers: readonly Power[] = PRESETS.team,
  coordinator: Opener = { kind: 'passphrase', passphrase: PASSPHRASE },
): Promise<string> => {
  const { ports, vaultId } = vault;
  const { crypto, random, clock } = ports;
  const file = await readHeaderFile(ports.disk, vault.folder);
  const { masterKey, generation } = await masterOf(ports, file, coordinator);
  const epochs = parseHeader(file).epochs;
  const [accessKey] = await accessKeysOf(ports, epochs, opener);
  if (accessKey === undefined) throw new Error('no access key');
  const slotId = random.bytes(16);
  const slotSecret = random.bytes(32);
  const keys = deriveSlotKeys(crypto, slotSecret);
  const statement = {
    id: slotId.toString('hex'),
    name,
    powers: [...powers],
    kind: opener.kind,
    box_public: keys.boxPublic,
    sign_public: keys.signPublic,
    added_at: clock.now(),
    signer: vault.actor.signPublic,
  };
  vault.db.write('slots.add', (tx) => {
    insertRosterRow(tx, {
      ...statement,
      signature: signRosterRow(crypto, vaultId, statement, vault.slot.signSecret),
      retired_at_seq: null,
    });
    putSlotDetail(tx, {
      id: statement.id,
      factor: 'none',
      epoch: opener.kind === 'passphrase' ? (epochs[0]?.n ?? 1) : null,
      stated_at: vault.journal.head.position + 1,
      replaces: null,
      approver: null,
      approval: null,
      share_set: null,
      share_commitment: null,
      share_needed: null,
      share_pages: null,
      exposed_in: null,
    });
    tx.journal({ table: 'roster', id: statement.id, payload: { name }, children: ['slot_detail'] });
  });
  const record = sealSlot(crypto, random, {
    vaultId,
    slotId,
    accessKey,
    factor: { kind: 'none' },
    slotSecret,
    generation,
    masterKey,
    boxPublic: keys.boxPublic,
  });
  await replaceHeader(vault, (_header, used) => ({ records: new Map([...used, [statement.id, record]]) }));
  return statement.id;
};
