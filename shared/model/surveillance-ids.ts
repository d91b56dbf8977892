import type { z } from 'zod';
import { recordIdSchema } from './ids.ts';

export const deviceIdSchema = recordIdSchema.brand<'DeviceId'>();
export const receptionIdSchema = recordIdSchema.brand<'ReceptionId'>();
export const examinationIdSchema = recordIdSchema.brand<'ExaminationId'>();
export const runIdSchema = recordIdSchema.brand<'RunId'>();
export const findingIdSchema = recordIdSchema.brand<'FindingId'>();
export const messageIdSchema = recordIdSchema.brand<'MessageId'>();
export const messageLinkIdSchema = recordIdSchema.brand<'MessageLinkId'>();
export const notificationIdSchema = recordIdSchema.brand<'NotificationId'>();
export const attackIdSchema = recordIdSchema.brand<'DigitalAttackId'>();
export const milestoneIdSchema = recordIdSchema.brand<'MilestoneId'>();
export const indicatorSetIdSchema = recordIdSchema.brand<'IndicatorSetId'>();

export type DeviceId = z.infer<typeof deviceIdSchema>;
export type ReceptionId = z.infer<typeof receptionIdSchema>;
export type ExaminationId = z.infer<typeof examinationIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type FindingId = z.infer<typeof findingIdSchema>;
export type MessageId = z.infer<typeof messageIdSchema>;
export type MessageLinkId = z.infer<typeof messageLinkIdSchema>;
export type NotificationId = z.infer<typeof notificationIdSchema>;
export type DigitalAttackId = z.infer<typeof attackIdSchema>;
export type MilestoneId = z.infer<typeof milestoneIdSchema>;
export type IndicatorSetId = z.infer<typeof indicatorSetIdSchema>;
