import { z } from 'zod';
import { daySchema, instantSchema } from '../model/common.ts';
import { evidenceIdSchema, targetIdSchema } from '../model/ids.ts';
import { command, query, task } from './define.ts';

const hex16 = z.string().regex(/^[0-9a-f]{32}$/);
/** Id of a snapshot, as it stands in the catalogue. */
export const snapshotIdSchema = hex16;

/**
 * What should be known about a target before it is relied on; each is a state, not a refusal.
 * `sameDisk`: the disk that holds the vault. `synced`: a program copies it to the cloud. `network`: another
 * computer's disk. `wentBack`: its list is older than the one that the vault remembers. `replaced`: its list is
 * not the one that was left there. `snapshotLost`: a snapshot that the vault remembers is gone or has another
 * size. `headerLost`: the header of an older snapshot is gone or damaged, so that it cannot be restored. `ahead`: it
 * holds changes that this vault does not have. `olderKeys`: snapshots from before the last
 * change of keys are still there. `objectsMissing`: evidence that the vault itself could not give whole.
 */
export const BACKUP_WARNINGS = [
  'sameDisk',
  'synced',
  'network',
  'wentBack',
  'replaced',
  'snapshotLost',
  'headerLost',
  'ahead',
  'olderKeys',
  'objectsMissing',
] as const;
export const backupWarningSchema = z.enum(BACKUP_WARNINGS);
export type BackupWarning = z.infer<typeof backupWarningSchema>;

/** Why the reminder stands; `none`: nothing to do. */
export const backupDueSchema = z.enum([
  'never',
  'old',
  'failing',
  'unverified',
  'unrehearsed',
  'clockWrong',
  'none',
]);

export const backupSnapshotSchema = z
  .object({
    id: snapshotIdSchema,
    takenAt: instantSchema,
    /** Bytes of the snapshot's file. */
    bytes: z.number().int(),
    objects: z.number().int(),
    /** Where the journal stood: entries up to this position are in it. */
    position: z.number().int(),
    /** Made before the last change of keys: people who were removed then can still open it. */
    olderKeys: z.boolean(),
    /** Deleted evidence whose key it still holds. */
    holdsDeleted: z.boolean(),
  })
  .strict();
export type BackupSnapshot = z.infer<typeof backupSnapshotSchema>;

export const backupTargetSchema = z
  .object({
    /** Stays the same when the stick appears under another path; usable wherever a method wants a `target`. */
    id: targetIdSchema,
    /** Last part of the path where it was seen last. */
    name: z.string().max(300),
    addedAt: instantSchema,
    lastSuccessAt: instantSchema.nullable(),
    lastTriedAt: instantSchema.nullable(),
    /** Code of the last failure; null: the last run succeeded. */
    lastError: z.string().max(60).nullable(),
    lastVerifiedAt: instantSchema.nullable(),
    lastVerifiedOk: z.boolean().nullable(),
    /** Last rehearsal that succeeded. */
    lastRehearsedAt: instantSchema.nullable(),
    snapshots: z.array(backupSnapshotSchema).max(64),
    warnings: z.array(backupWarningSchema),
  })
  .strict();
export type BackupTarget = z.infer<typeof backupTargetSchema>;

/** The bar of the first screen; also part of `today.overview`. */
export const backupReminderSchema = z
  .object({
    due: backupDueSchema,
    /** Whole days since the last success anywhere; null: never, or a clock that went back leaves no way to tell. */
    daysSinceSuccess: z.number().int().min(0).nullable(),
    daysSinceRehearsal: z.number().int().min(0).nullable(),
    /** Changes of records since the last success, reads not counted. */
    changesSince: z.number().int(),
    targets: z.number().int(),
  })
  .strict();
export type BackupReminder = z.infer<typeof backupReminderSchema>;

export const backupFindingSchema = z
  .object({
    part: z.enum(['catalogue', 'header', 'snapshot', 'journal', 'object']),
    /** Code from the list of errors, so that it reads in both languages. */
    code: z.string().max(60),
    /** Snapshot id, object id or number; never content. */
    subject: z.string().max(200),
  })
  .strict();
export type BackupFinding = z.infer<typeof backupFindingSchema>;

/** What opens a backup. A passphrase that was valid when the backup was made. */
export const unlockSecretSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('passphrase'),
      passphrase: z.string().min(1).max(4_096),
      /** Second factors: grant of a file, or of 32 bytes from the system's secret store. */
      keyFile: targetIdSchema.optional(),
      machine: targetIdSchema.optional(),
    })
    .strict(),
  z.object({ kind: z.literal('words'), words: z.string().min(1).max(4_096) }).strict(),
  z
    .object({ kind: z.literal('shares'), shares: z.array(z.string().min(1).max(4_096)).min(1).max(16) })
    .strict(),
]);
export type UnlockSecret = z.infer<typeof unlockSecretSchema>;

/** What would be there again although it was taken away after the snapshot; each with what a person recognises. */
export const comesBackSchema = z
  .object({
    kind: z.enum([
      'withdrawnConsent',
      'deletedRecord',
      'deletedEvidence',
      'erasedEntry',
      'heldPerson',
      'closedCase',
      'removedPerson',
    ]),
    /** Table of the record, for the label. */
    table: z.string().max(60),
    id: z.string().max(200),
    /** Title, code or name as the snapshot has it; empty where the record has none. */
    title: z.string().max(500),
  })
  .strict();
export type ComesBack = z.infer<typeof comesBackSchema>;

const planCodeSchema = z.string().regex(/^[0-9a-f]{12}$/u);

/** How the chosen snapshot stands to what this computer and newer copies know. */
export const restorePlanSchema = z
  .object({
    snapshot: backupSnapshotSchema,
    /** Day of the snapshot where this computer is: what a person types to confirm. */
    confirmDay: daySchema,
    /**
     * Changes after the snapshot that this computer saw, or that what it was compared with holds; null: it never saw
     * this vault and nothing newer was compared, so nobody can tell.
     */
    laterChanges: z.number().int().nullable(),
    /** Snapshots of the same or the other backup that are newer and can be read. */
    newerSnapshots: z.number().int(),
    /** What the comparison was made with; null: with nothing, then the list says nothing. */
    comparedWith: z.enum(['lostVault', 'newerBackup', 'newerSnapshot']).nullable(),
    /**
     * Why what was named as newer was not compared with; null: it was, or nothing was named. `incomplete`: its last
     * changes are missing, or nothing proves that they are there. `damaged`: pages of it are. `anotherChain`: it did
     * not go on from this snapshot.
     */
    notCompared: z.enum(['incomplete', 'damaged', 'anotherChain']).nullable(),
    comesBack: z.array(comesBackSchema).max(5_000),
    /** More than the list shows. */
    comesBackTotal: z.number().int(),
    /** Stands for the whole list and for what it was compared with: whoever confirms it hands this back. */
    planCode: planCodeSchema,
  })
  .strict();
export type RestorePlan = z.infer<typeof restorePlanSchema>;

const sourceInput = {
  /** Grant of the folder that holds the backup. */
  source: targetIdSchema,
  secret: unlockSecretSchema,
  /** Left out: the newest snapshot. */
  snapshot: snapshotIdSchema.optional(),
  /** Empty or missing folder that becomes the vault; its folder above also holds encrypted work files meanwhile. */
  folder: targetIdSchema,
  /** The lost vault's folder, or another backup, where it can still be read. */
  newer: targetIdSchema.optional(),
};

export const backup = {
  /** Targets and reminders for the settings screen. Reads the database only, never the targets. */
  'backup.state': query({
    input: z.object({}).strict(),
    output: z
      .object({
        targets: z.array(backupTargetSchema),
        reminder: backupReminderSchema,
        /** Snapshots kept on each target. */
        keep: z.number().int(),
        /** Days after which a backup counts as old. */
        remindAfterDays: z.number().int(),
      })
      .strict(),
  }),
  'backup.setPreferences': command({
    power: 'keys',
    input: z
      .object({
        keep: z.number().int().min(1).max(32).optional(),
        remindAfterDays: z.number().int().min(1).max(365).optional(),
      })
      .strict(),
    output: z.object({ keep: z.number().int(), remindAfterDays: z.number().int() }).strict(),
  }),
  /** Brings a target up to date. `target`: a grant of a folder, or the id of a known target. */
  'backup.run': task({
    input: z
      .object({
        target: targetIdSchema,
        /** Go on although the target holds changes that this vault lacks; they stay there. */
        acceptAhead: z.boolean().default(false),
      })
      .strict(),
    output: z
      .object({
        target: backupTargetSchema,
        /** False: nothing had changed since the last snapshot. */
        newSnapshot: z.boolean(),
        copiedObjects: z.number().int(),
        copiedBytes: z.number(),
        removedObjects: z.number().int(),
        removedSnapshots: z.number().int(),
        warnings: z.array(backupWarningSchema),
        /** Snapshots from before the last change of keys, offered for removal. */
        olderKeys: z.array(backupSnapshotSchema),
      })
      .strict(),
  }),
  /** Every file of a target against its list, every object decrypted with the keys that a snapshot holds. */
  'backup.verify': task({
    power: 'read',
    input: z
      .object({
        target: targetIdSchema,
        /** `ends`: only the first and last part of each object, which proves that it is whole in size. */
        objects: z.enum(['content', 'ends']).default('content'),
      })
      .strict(),
    output: z
      .object({
        ok: z.boolean(),
        findings: z.array(backupFindingSchema).max(10_000),
        checked: z
          .object({ snapshots: z.number().int(), objects: z.number().int(), bytes: z.number() })
          .strict(),
        warnings: z.array(backupWarningSchema),
      })
      .strict(),
  }),
  /** Really restores, in the vault's work folder, with a passphrase typed now; compares with the open vault. */
  'backup.rehearse': task({
    power: 'read',
    surface: 'unlock',
    step: true,
    input: z.object({ target: targetIdSchema, secret: unlockSecretSchema }).strict(),
    output: z
      .object({
        ok: z.boolean(),
        findings: z.array(backupFindingSchema).max(10_000),
        snapshot: backupSnapshotSchema,
        /** Changes of records that the open vault has and the copy has not, reads not counted. */
        changesBehind: z.number().int(),
        /** The copy is older than what was written to this target: somebody put an old one there. */
        wentBack: z.boolean(),
        counts: z
          .object({
            cases: z.number().int(),
            persons: z.number().int(),
            incidents: z.number().int(),
            evidence: z.number().int(),
            journal: z.number().int(),
          })
          .strict(),
        objects: z.number().int(),
        lastSuccessAt: instantSchema.nullable(),
      })
      .strict(),
  }),
  /** Removes snapshots now instead of when their turn comes. The newest one stays. */
  'backup.removeSnapshots': task({
    power: 'keys',
    input: z.object({ target: targetIdSchema, snapshots: z.array(snapshotIdSchema).min(1).max(64) }).strict(),
    output: z.object({ removed: z.array(snapshotIdSchema), target: backupTargetSchema }).strict(),
  }),
  /** The stick is lost or given away: no more reminders about it. What is on it stays there. */
  'backup.forgetTarget': command({
    power: 'keys',
    input: z.object({ target: targetIdSchema }).strict(),
    output: z.object({}).strict(),
  }),
  /** Which backups still hold one evidence, or anything from before a journal position. */
  'backup.holding': query({
    input: z
      .object({
        /** Also of evidence that is gone: the journal remembers when it came and went. */
        evidence: evidenceIdSchema.optional(),
        /** Snapshots whose journal ends before this position. */
        beforePosition: z.number().int().min(0).optional(),
      })
      .strict(),
    output: z
      .object({
        rows: z.array(
          z
            .object({
              target: targetIdSchema,
              name: z.string().max(300),
              snapshot: snapshotIdSchema,
              takenAt: instantSchema,
              lost: z.boolean(),
            })
            .strict(),
        ),
      })
      .strict(),
  }),
  /** What a folder holds, before a vault exists here: opens its list with a passphrase, words or shares. */
  'backup.inspect': task({
    session: 'none',
    surface: 'unlock',
    step: true,
    input: z.object({ source: targetIdSchema, secret: unlockSecretSchema }).strict(),
    output: z
      .object({
        vaultId: z.string().length(32),
        use: z.enum(['real', 'practice']),
        /** Newest first. */
        snapshots: z.array(backupSnapshotSchema).max(64),
        /** Changes that this computer saw after the newest snapshot; null: it never saw this vault. */
        laterChanges: z.number().int().nullable(),
      })
      .strict(),
  }),
  /** Verifies everything that a restore would use and lists what would come back. Leaves nothing behind. */
  'backup.planRestore': task({
    session: 'none',
    surface: 'unlock',
    step: true,
    input: z.object(sourceInput).strict(),
    output: restorePlanSchema,
  }),
  /** Makes a vault of a snapshot. It is left locked; unlocking it is the first thing to do. */
  'backup.restore': task({
    session: 'none',
    surface: 'unlock',
    step: true,
    input: z
      .object({
        ...sourceInput,
        /** The snapshot's day, typed by the person (`confirmDay` of the plan). */
        confirmDay: daySchema,
        /** Takes away again what would come back. Only where it was compared with something. */
        apply: z.boolean(),
        /** Of the plan that was confirmed; another list than that one is refused. Needed to apply. */
        planCode: planCodeSchema.optional(),
      })
      .strict(),
    output: z
      .object({
        plan: restorePlanSchema,
        /** How many of what would have come back were taken away again. */
        applied: z.number().int(),
        /** People were removed after the snapshot: change the keys now, the old ones still open it. */
        rotationAdvised: z.boolean(),
        counts: z
          .object({ objects: z.number().int(), bytes: z.number(), journal: z.number().int() })
          .strict(),
      })
      .strict(),
  }),
} as const;
