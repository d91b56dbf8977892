export { encryptAge, isAgeRecipient, type AgeLock } from '../../../files/age.ts';

/** The end of a key that two people read to each other before its first use. */
export const recipientKeyEnd = (key: string): string => key.slice(-8);
