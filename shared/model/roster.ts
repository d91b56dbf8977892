import { z } from 'zod';
import { POWERS, type Power } from '../contract/define.ts';

/** Named sets of powers, one slot a person. *Equipo* does everything but keys and release. */
export const PRESETS = {
  coordination: ['read', 'document', 'prepare', 'release', 'keys'],
  team: ['read', 'document', 'prepare'],
  consultation: ['read'],
} as const satisfies Record<string, readonly Power[]>;
export type Preset = keyof typeof PRESETS;

export const powersSchema = z.array(z.enum(POWERS)).max(POWERS.length);

/** What the session may show about the person who opened it. */
export const actorSchema = z.object({ name: z.string().max(200), powers: powersSchema }).strict();
export type Actor = z.infer<typeof actorSchema>;
