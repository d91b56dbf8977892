import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { PASSPHRASE, type Bench } from './harness.ts';

/** A passphrase that is strong enough, one for each name. */
export const passphraseOf = (name: string): string => `ventana ${name} bruma limonero trece campanas`;

/** Adds a person's slot as the unlock window does. Gives the slot id. `second`: another coordinator's passphrase. */
export const addPerson = async (
  bench: Bench,
  name: string,
  preset: Preset,
  options: { own?: string; second?: string } = {},
): Promise<string> => {
  const { ticket } = await bench.call('slots.prepare', {
    purpose: 'slots.add',
    name,
    powers: [...PRESETS[preset]],
  });
  const { slot } = await bench.call('slots.add', {
    ticket,
    own: { passphrase: options.own ?? PASSPHRASE },
    ...(options.second === undefined ? {} : { approver: { passphrase: options.second } }),
    fresh: { passphrase: passphraseOf(name) },
  });
  return slot;
};

/** Locks, and unlocks as somebody else. */
export const becomes = async (bench: Bench, passphrase: string): Promise<void> => {
  await bench.call('vault.lock', {});
  await bench.unlock(passphrase);
};

/** Takes people out as a coordinator does: list seen, passphrase typed again, rotation. */
export const takeOut = async (
  bench: Bench,
  remove: string[],
  options: { own?: string; reassignTo?: string; immediate?: boolean } = {},
) => {
  const { digest } = await bench.call('rotation.review', {});
  const { ticket } = await bench.call('tickets.prepare', {
    purpose: 'rotation.run',
    payload: {
      remove,
      confirmed: digest,
      immediate: options.immediate ?? false,
      ...(options.reassignTo === undefined ? {} : { reassignTo: options.reassignTo }),
    },
  });
  await bench.call('tickets.prove', { ticket, own: { passphrase: options.own ?? PASSPHRASE } });
  return bench.call('rotation.run', { ticket });
};
