export type { AgeLock } from './age.ts';
export { encryptAge, encryptedName, isAgeRecipient, recipientKeyEnd } from './age.ts';
export type { BagInput, ListedFile, PayloadFile, PreparedBag } from './bag.ts';
export { prepareBag } from './bag.ts';
export type { PackageCase } from './case-json.ts';
export { caseJsonBytes, caseSchemaBytes, packageCaseSchema } from './case-json.ts';
export type { Commitment } from './commitment.ts';
export { commitTo, openingCommand, opensCommitment } from './commitment.ts';
export { csvBytes } from './csv.ts';
export type { PublicKey, SeriesKey } from './minisign.ts';
export {
  createSeriesKey,
  parsePublicKey,
  publicKeyFile,
  publicKeyForReading,
  publicKeyLine,
} from './minisign.ts';
export type { Numbering } from './numbering.ts';
export { numberShuffled, shuffled } from './numbering.ts';
export type { PackageReader } from './package-reader.ts';
export { diskSource, folderPackage, openPackage, zipPackage } from './package-reader.ts';
export type { CustodyStep } from './tables.ts';
export { ANNEX_FOLDERS, annexIndexCsv, custodyCsv, withheldCsv } from './tables.ts';
export type { PackageProblem, PackageVerdict } from './verify.ts';
export { verifyPackage } from './verify.ts';
export type { WrittenFile } from './write-output.ts';
export { writeOutput } from './write-output.ts';
export { bytesSource } from './zip-reader.ts';
export { entryOfBytes, writeZip, zipBytes } from './zip-writer.ts';
