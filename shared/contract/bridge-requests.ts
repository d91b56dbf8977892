import { z } from 'zod';

const id = z.string().min(1).max(200);
const fileName = z.string().max(1_000);

/** What may arrive on the one channel. Everything else is refused before anybody looks at it. */
export const bridgeRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), method: z.string().min(1).max(100), input: z.unknown() }).strict(),
  z
    .object({ kind: z.literal('chooseFiles'), multiple: z.boolean(), folders: z.boolean().optional() })
    .strict(),
  z
    .object({
      kind: z.literal('files'),
      files: z
        .array(
          z.union([
            z.object({ path: z.string().min(1).max(32_768) }).strict(),
            z.object({ name: fileName, bytes: z.instanceof(Uint8Array) }).strict(),
          ]),
        )
        .max(10_000),
    })
    .strict(),
  z
    .object({ kind: z.literal('chooseTarget'), target: z.enum(['folder', 'file']), suggestedName: fileName })
    .strict(),
  z.object({ kind: z.literal('chooseVault'), mode: z.enum(['create', 'open']) }).strict(),
  z.object({ kind: z.literal('defaultVault') }).strict(),
  z.object({ kind: z.literal('askPassphrase'), ticket: id }).strict(),
  z.object({ kind: z.literal('copy'), text: z.string().max(1_000_000) }).strict(),
  z.object({ kind: z.literal('copied') }).strict(),
  z.object({ kind: z.literal('lock') }).strict(),
  z.object({ kind: z.literal('facts') }).strict(),
  z.object({ kind: z.literal('activity') }).strict(),
  z.object({ kind: z.literal('context') }).strict(),
  z.object({ kind: z.literal('setLanguage'), language: z.enum(['es', 'en']) }).strict(),
  z.object({ kind: z.literal('cancel') }).strict(),
  z.object({ kind: z.literal('keepOpen'), on: z.boolean() }).strict(),
  z
    .object({
      kind: z.literal('configure'),
      choices: z
        .object({
          lockShortcut: z.string().max(40).optional(),
          contentProtection: z.boolean().optional(),
          clipboardClearSeconds: z.number().int().min(5).max(600).optional(),
        })
        .strict(),
    })
    .strict(),
  z.object({ kind: z.literal('machineSecret') }).strict(),
  z.object({ kind: z.literal('print') }).strict(),
]);
export type BridgeRequest = z.infer<typeof bridgeRequestSchema>;
