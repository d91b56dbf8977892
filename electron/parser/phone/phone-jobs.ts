import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import { Refusal } from '../refusal.ts';
import { PhoneReader } from './phone-reader.ts';

/** The import that this process reads. A process serves one, and ends after it. */
let reader: PhoneReader | null = null;

const need = (): PhoneReader => {
  if (reader === null) throw new Refusal('parser.unsupported');
  return reader;
};

export const phoneOpen = (params: ParserParams<'phone.open'>): ParserAnswer<'phone.open'> => {
  reader = new PhoneReader(params);
  return reader.opened();
};

export const phoneDirectory = (params: ParserParams<'phone.directory'>): ParserAnswer<'phone.directory'> => {
  need().directory(params.bytes);
  return {};
};

export const phoneFeed = (params: ParserParams<'phone.feed'>): Promise<ParserAnswer<'phone.feed'>> =>
  need().feed(params.bytes);

export const phoneEnd = (): Promise<ParserAnswer<'phone.end'>> => need().end();
