import type { PersonId } from '#shared/model/ids.ts';
import type { HerText } from './her-text.ts';
import type { Payload } from './journal-payload-repo.ts';

/** Fields that describe somebody in words beside an id. */
const WORDS = /(?:^w|W)ords$|^(?:relation|note|account|identifiers|sharedWith)$/u;
/** Parts of an incident that say who did what to whom, and who told. */
const PEOPLE_OF_INCIDENT = ['acts', 'sources', 'emergency'];

const isFilled = (value: unknown): boolean =>
  typeof value === 'string' ? value !== '' : Array.isArray(value) ? value.length > 0 : false;

/** True where some object names her by id and says something of her in words. */
const tellsOf = (value: unknown, id: PersonId): boolean => {
  if (Array.isArray(value)) return value.some((one) => tellsOf(one, id));
  if (typeof value !== 'object' || value === null) return false;
  const fields = Object.entries(value);
  const here = fields.some(([, one]) => one === id);
  return (
    (here && fields.some(([name, one]) => WORDS.test(name) && isFilled(one))) ||
    fields.some(([, one]) => tellsOf(one, id))
  );
};

/** A change of an incident may tell of her from before anybody put her id there. */
const tellsOfPeople = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(
    ([name, one]) =>
      PEOPLE_OF_INCIDENT.includes(name) &&
      (isFilled(one) || (typeof one === 'object' && one !== null && !Array.isArray(one))),
  );

/** `evidence` that came from her: who brought it, in words, is told beside the item and not beside her id. */
const tellsOfSource = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'fromWords' in value && isFilled(value.fromWords);

export interface HerRecords {
  /** `table/id` of rows that are hers alone. */
  readonly own: ReadonlySet<string>;
  /** Ids of incidents in which she occurs: the journal keeps acts, people and sources with the incident. */
  readonly incidents: ReadonlySet<string>;
  /** Ids of items that came from her. */
  readonly evidence: ReadonlySet<string>;
}

/**
 * Whether what the journal keeps of one change has to go with her: it is of a row of hers, it names her beyond doubt,
 * it tells of her inside the record of something else, or it may name her and that record was changed.
 *
 * @param changed whether a text of this very row was changed by the erasure.
 */
export const payloadGoes = (
  id: PersonId,
  her: HerText,
  records: HerRecords,
  payload: Payload,
  changed: boolean,
): boolean => {
  // That somebody looked is no datum of hers.
  if (payload.text.startsWith('{"read":true')) return false;
  if (records.own.has(`${payload.table}/${payload.id}`)) return true;
  const value: unknown = JSON.parse(payload.text);
  if (tellsOf(value, id)) return true;
  if (payload.table === 'incident' && records.incidents.has(payload.id) && tellsOfPeople(value)) return true;
  if (payload.table === 'evidence' && records.evidence.has(payload.id) && tellsOfSource(value)) return true;
  const named = her.find(JSON.stringify(value));
  return named.some((place) => place.certain) || (named.length > 0 && changed);
};
