export type { AgeLock } from './age.ts';
export { encryptAge, isAgeRecipient, recipientKeyEnd } from './age.ts';
export type { BagInput, ListedFile, PayloadFile, PreparedBag } from './bag.ts';
export { prepareBag } from './bag.ts';
export type { Commitment } from './commitment.ts';
export { commitTo, openingCommand, opensCommitment } from './commitment.ts';
export { csvBytes } from './csv.ts';
export { freeName } from './free-name.ts';
export type { PublicKey, SeriesKey } from './minisign.ts';
export {
  createSeriesKey,
  parsePublicKey,
  publicKeyFile,
  publicKeyForReading,
  publicKeyLine,
} from './minisign.ts';
export type { PackageReader } from './package-reader.ts';
export { diskSource, folderPackage, openPackage, zipPackage } from './package-reader.ts';
export type { CustodyStep } from './tables.ts';
export { packageWords } from './readme.ts';
export { ANNEX_FOLDERS, annexIndexCsv, custodyCsv } from './tables.ts';
export type { PackageProblem, PackageVerdict } from './verify.ts';
export { verifyPackage } from './verify.ts';
export type { WrittenFile } from './write-output.ts';
export { hashOf, writeOutput } from './write-output.ts';
export { bytesSource } from './zip-reader.ts';
export type { ZipEntry } from './zip-writer.ts';
export { byCodeUnit, entryOfBytes, writeZip, zipBytes } from './zip-writer.ts';
