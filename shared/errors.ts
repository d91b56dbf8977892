/**
 * Every way in which a call can be refused. A code is a promise: its message stands in
 * `resources/messages/<language>/errors.json` in each language (a test compares the lists),
 * and never carries a value that a person typed unless `params` names it on purpose.
 */
export const ERROR_CODES = [
  // dispatch
  'call.unknownMethod',
  'call.invalidInput',
  'call.invalidOutput',
  'call.locked',
  'call.notAllowed',
  'call.cancelled',
  'call.engineStopped',
  'call.tooLarge',
  'call.internal',
  // vault
  'vault.exists',
  'vault.notFound',
  'vault.folderNotEmpty',
  'vault.alreadyOpen',
  'vault.alreadyUnlocked',
  'vault.takenOver',
  'vault.wrongPassphrase',
  'vault.passphraseTooWeak',
  'vault.passphraseLength',
  'vault.headerUnreadable',
  'vault.headerOutOfBounds',
  'vault.headerDamaged',
  'vault.headerMismatch',
  'vault.newerFormat',
  'vault.databaseMissing',
  'vault.databaseDamaged',
  'vault.changesMissing',
  'vault.anchorDamaged',
  'vault.rosterDamaged',
  'vault.journalDamaged',
  'vault.rowTampered',
  'vault.readOnly',
  'vault.practiceOnly',
  'vault.slowDown',
  'vault.syncedFolder',
  'vault.networkFolder',
  // disk
  'disk.full',
  'disk.notReadable',
  'disk.notWritable',
  'disk.notFound',
  'disk.isFolder',
  'disk.targetExists',
  'disk.unsafeName',
  // casework
  'record.notFound',
  'record.changedMeanwhile',
  'case.codeTaken',
  'person.needsName',
  'consent.needsReason',
  // evidence
  'evidence.changedWhileReading',
  'evidence.objectMissing',
  'evidence.objectDamaged',
  'evidence.objectTruncated',
  'evidence.objectSwapped',
  'evidence.unreadable',
  'evidence.targetUnknown',
  // parser
  'parser.unsupported',
  'parser.tooLarge',
  'parser.tooSlow',
  'parser.crashed',
  'parser.badAnswer',
  'parser.damagedFile',
  'parser.passwordProtected',
  // exports
  'export.consentRefused',
  'export.pendingDecisions',
  'export.leakFound',
  'export.undecodable',
  'export.notChecked',
  'export.changedSinceCheck',
  'export.outsideAllowList',
  'export.glyphMissing',
  'export.cloudFolder',
  'export.profileUnknown',
  'export.recipientKeyInvalid',
  'export.approvalNeeded',
  'export.annexTooLarge',
  'package.unreadable',
  'package.notAPackage',
  'package.encrypted',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a message may be filled with: numbers, dates as text, file names; never case content. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/** The one error that crosses layers. Its `message` is the code, so a log line can never hold a value. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly params: ErrorParams | undefined;

  constructor(code: ErrorCode, details: { field?: string; params?: ErrorParams; cause?: unknown } = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.field = details.field;
    this.params = details.params;
  }
}

/** Narrows anything thrown to our own error. */
export const isAppError = (thrown: unknown): thrown is AppError => thrown instanceof AppError;
