import { FileText, KeyRound, Users, type LucideIcon } from 'lucide-react';
import type { SlotRow } from '#shared/contract/slots.ts';

export const SLOT_ICONS: Readonly<Record<SlotRow['kind'], LucideIcon>> = {
  passphrase: KeyRound,
  words: FileText,
  shares: Users,
};

export const isPerson = (slot: { readonly kind: SlotRow['kind'] }): boolean => slot.kind === 'passphrase';
