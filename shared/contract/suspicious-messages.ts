import { z } from 'zod';
import {
  instantSchema,
  languageSchema,
  lineSchema,
  pageInputSchema,
  textSchema,
  versionSchema,
} from '../model/common.ts';
import { caseIdSchema, evidenceIdSchema, incidentIdSchema, personIdSchema } from '../model/ids.ts';
import { partialDateSchema } from '../model/partial-date.ts';
import {
  deviceIdSchema,
  indicatorSetIdSchema,
  messageIdSchema,
  messageLinkIdSchema,
  notificationIdSchema,
} from '../model/surveillance-ids.ts';
import { CLICK_ANSWERS, MESSAGE_CHANNELS, PROVIDERS } from '../model/surveillance.ts';
import { command, query, task } from './define.ts';
import { evidenceTiesSchema, tiedEvidenceSchema } from './devices.ts';
import { hitSchema, setInForceSchema } from './examinations.ts';

/** Longest link that is kept; what a message holds beyond it stays in the text. */
export const MAX_LINK_CHARS = 4_096;

export const messageFieldsSchema = z
  .object({
    caseId: caseIdSchema.nullable(),
    /** Who received it. */
    personId: personIdSchema.nullable(),
    deviceId: deviceIdSchema.nullable(),
    /** The attack that it is part of. */
    incidentId: incidentIdSchema.nullable(),
    channel: z.enum(MESSAGE_CHANNELS),
    /** Number, short code, handle or address that it came from. */
    sender: lineSchema,
    /** Account or number that it came to. */
    account: lineSchema,
    /** Exactly as received; shown defanged only. */
    text: textSchema,
    received: partialDateSchema,
    clicked: z.enum(CLICK_ANSWERS),
    clickedWhen: lineSchema,
    whatHappened: textSchema,
    /** Whether others told of the same message, in words. */
    others: lineSchema,
    /** What the person was working on that week. */
    context: textSchema,
    note: textSchema,
  })
  .strict();
export type MessageFields = z.infer<typeof messageFieldsSchema>;

/** Where a shortened link leads, as a person found out elsewhere. The application never asks the network. */
export const destinationSchema = z
  .object({
    url: z.string().trim().min(1).max(MAX_LINK_CHARS),
    /** How it was learned: provider, screenshot, laboratory, the person remembers. */
    how: lineSchema.min(1),
  })
  .strict();

export const messageLinkSchema = z
  .object({
    id: messageLinkIdSchema,
    /** Safe to show and copy. The exact link stays in the vault. */
    defanged: z.string(),
    /** The shortener that it goes over, or null. */
    shortener: z.string().nullable(),
    destination: z
      .object({ defanged: z.string(), how: z.string(), recordedBy: z.string(), recordedAt: instantSchema })
      .strict()
      .nullable(),
  })
  .strict();

/** One hit of the triage with the sentence that explains it. */
export const triageHitSchema = hitSchema
  .extend({
    /** What was compared: a link, its recorded destination, or the sender. */
    subject: z.enum(['link', 'destination', 'sender']),
    linkId: messageLinkIdSchema.nullable(),
    observed: z.string(),
    /** Plain words in the asked language. */
    explanation: z.string(),
  })
  .strict();

export const triageSchema = z
  .object({
    at: instantSchema,
    actor: z.string(),
    sets: z.array(setInForceSchema),
    hits: z.array(triageHitSchema),
    /** Links whose end nobody knows. */
    unresolved: z.array(z.object({ linkId: messageLinkIdSchema, shortener: z.string() }).strict()),
    /** The whole sentence to be shown with the result; on a hit with what not to do. */
    sentence: z.string(),
    advice: z.array(z.string()),
  })
  .strict();
export type Triage = z.infer<typeof triageSchema>;

/** What a picture of a message seems to say. Nothing of it is kept: the form takes over what a person confirms. */
export const messageReadingSchema = z
  .object({
    /** With live links, for the form that it goes into. */
    text: textSchema,
    textDefanged: z.string(),
    sender: lineSchema,
    /** `joined`: put together over the end of a line, so that the seam wants a look. */
    links: z.array(z.object({ defanged: z.string(), joined: z.boolean() }).strict()),
    /** How sure the recogniser is, 0 to 100. */
    confidence: z.number().int().min(0).max(100),
  })
  .strict();
export type MessageReading = z.infer<typeof messageReadingSchema>;

export const similarMessageSchema = z
  .object({
    id: messageIdSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    person: z.string(),
    sender: z.string(),
    excerpt: z.string(),
    received: partialDateSchema,
    /** Strongest first: the same words, the same link, the same form of link on the same host, the same host. */
    because: z.array(z.enum(['sameText', 'sameLink', 'sameLinkForm', 'sameHost', 'sameSender'])).min(1),
  })
  .strict();

export const messageRowSchema = z
  .object({
    id: messageIdSchema,
    caseId: caseIdSchema.nullable(),
    caseCode: z.string().nullable(),
    person: z.string(),
    channel: z.enum(MESSAGE_CHANNELS),
    sender: z.string(),
    /** First words, links defanged. */
    excerpt: z.string(),
    received: partialDateSchema,
    clicked: z.enum(CLICK_ANSWERS),
    links: z.number().int(),
    /** Hits of the last triage; null where it was never compared. */
    hits: z.number().int().nullable(),
    updatedAt: instantSchema,
  })
  .strict();

const ids = z.object({ id: messageIdSchema, version: versionSchema }).strict();

export const suspiciousMessages = {
  /** Links are found in the text; further ones may be given. */
  'messages.record': command({
    input: messageFieldsSchema
      .partial()
      .extend({
        links: z.array(z.string().max(MAX_LINK_CHARS)).max(200).default([]),
        evidence: evidenceTiesSchema.default([]),
      })
      .strict(),
    output: ids,
  }),
  'messages.amend': command({
    input: z
      .object({
        id: messageIdSchema,
        version: versionSchema,
        changes: messageFieldsSchema.partial(),
        links: z.array(z.string().max(MAX_LINK_CHARS)).max(200).optional(),
        evidence: evidenceTiesSchema.optional(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  /**
   * Reads a sealed picture of a message: text, sender and links as a proposal. In the parser, without network; nothing is
   * stored. Errors: `parser.*`, `evidence.deleted`, `examination.preservationOnly`.
   */
  'messages.readPicture': task({
    input: z.object({ evidenceId: evidenceIdSchema }).strict(),
    output: messageReadingSchema,
  }),
  'messages.list': query({
    input: pageInputSchema
      .extend({
        caseId: caseIdSchema.optional(),
        personId: personIdSchema.optional(),
        deviceId: deviceIdSchema.optional(),
        incidentId: incidentIdSchema.optional(),
      })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(messageRowSchema) }).strict(),
  }),
  'messages.get': query({
    input: z.object({ id: messageIdSchema, language: languageSchema.default('es') }).strict(),
    output: messageFieldsSchema
      .extend({
        id: messageIdSchema,
        version: versionSchema,
        caseCode: z.string().nullable(),
        person: z.string(),
        /** The text for showing and copying; `text` is for the form that corrects it. */
        textDefanged: z.string(),
        linkList: z.array(messageLinkSchema),
        evidence: z.array(tiedEvidenceSchema),
        triage: triageSchema.nullable(),
        createdAt: instantSchema,
        updatedAt: instantSchema,
      })
      .strict(),
  }),
  'messages.recordDestination': command({
    input: z.object({ linkId: messageLinkIdSchema, destination: destinationSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /**
   * Compares links, recorded destinations and sender with every set in use (or the chosen ones), in both modes, and
   * keeps the result with the sets' hashes. No network. Errors: `examination.noSets`, `parser.*`.
   */
  'messages.triage': task({
    input: z
      .object({
        id: messageIdSchema,
        sets: z.array(indicatorSetIdSchema).max(500).optional(),
        language: languageSchema.default('es'),
      })
      .strict(),
    output: triageSchema,
  }),
  /** The same message, link or form of link received by others, in every case that this person may read. */
  'messages.similar': query({
    input: z.object({ id: messageIdSchema, limit: z.number().int().min(1).max(500).default(100) }).strict(),
    output: z.object({ rows: z.array(similarMessageSchema), more: z.boolean() }).strict(),
  }),
} as const;

export const notificationFieldsSchema = z
  .object({
    caseId: caseIdSchema.nullable(),
    personId: personIdSchema.nullable(),
    deviceId: deviceIdSchema.nullable(),
    incidentId: incidentIdSchema.nullable(),
    provider: z.enum(PROVIDERS),
    account: lineSchema,
    received: partialDateSchema,
    text: textSchema,
    note: textSchema,
  })
  .strict();
export type NotificationFields = z.infer<typeof notificationFieldsSchema>;

export const notificationSchema = notificationFieldsSchema
  .extend({
    id: notificationIdSchema,
    person: z.string(),
    evidence: z.array(tiedEvidenceSchema),
    version: versionSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .strict();
export type ProviderNotification = z.infer<typeof notificationSchema>;

export const notifications = {
  'notifications.record': command({
    input: notificationFieldsSchema
      .partial()
      .extend({ provider: z.enum(PROVIDERS), evidence: evidenceTiesSchema.default([]) })
      .strict(),
    output: z.object({ id: notificationIdSchema, version: versionSchema }).strict(),
  }),
  'notifications.amend': command({
    input: z
      .object({
        id: notificationIdSchema,
        version: versionSchema,
        changes: notificationFieldsSchema.partial(),
        evidence: evidenceTiesSchema.optional(),
      })
      .strict(),
    output: z.object({ version: versionSchema }).strict(),
  }),
  'notifications.list': query({
    input: pageInputSchema
      .extend({ caseId: caseIdSchema.optional(), deviceId: deviceIdSchema.optional() })
      .strict(),
    output: z.object({ total: z.number().int(), rows: z.array(notificationSchema) }).strict(),
  }),
} as const;
