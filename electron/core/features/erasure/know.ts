import type { KnowledgeSheet } from '#shared/contract/erasure.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../context.ts';
import { read, type Reader } from '../../db/index.ts';
import { lastEntry } from '../../journal/index.ts';
import { consentsOfPerson } from '../consents/index.ts';
import { holdOf } from '../holds/index.ts';
import { needPerson } from '../people/index.ts';
import { findCopies, type FoundCopies } from './backups-holding.ts';
import { disclosuresOfPerson } from './disclosure-repo.ts';
import { actsAgainst, casesOf, handedOver } from './knowledge-repo.ts';
import { COMPLAIN_DAYS } from './request-clocks.ts';
import { isDerived, scanFor } from './scan.ts';
import { filled, term, wordsIn, type DataRightsWords, recipientLabel } from './words.ts';

type Section = KnowledgeSheet['sections'][number];

const or = (lines: readonly string[], none: string): string[] => (lines.length === 0 ? [none] : [...lines]);
const day = (instant: string): string => instant.slice(0, 10);

const identity = (db: Reader, id: PersonId, language: Language): string[] => {
  const say = wordsIn(language);
  const person = needPerson(db, id);
  const own = Object.values(person.inOwnWords).flatMap((answer) =>
    answer.kind === 'said' ? [filled(say.words, { value: answer.words })] : [],
  );
  return [
    filled(say.name, { value: person.name }),
    ...(person.legalName === '' ? [] : [filled(say.legalName, { value: person.legalName })]),
    ...(person.aliases.length === 0 ? [] : [filled(say.aliases, { value: person.aliases.join(', ') })]),
    // The note beside a number is ours and may say who gave it.
    ...person.contacts.map((contact) => filled(say.contact, { value: contact.value })),
    ...person.identifiers.map((one) => filled(say.identifier, { value: one.value })),
    ...own,
    // What we wrote of her work and person may rest on others; it is told, not handed over.
    ...(person.note === '' && person.work === '' ? [] : [say.note]),
  ];
};

const disclosures = (db: Reader, id: PersonId, language: Language): string[] => {
  const say = wordsIn(language);
  return disclosuresOfPerson(db, id).map((one) =>
    filled(say.disclosureLine, {
      day: day(one.releasedAt),
      recipient: recipientLabel(language, one.recipient),
      how: say[`how.${one.treatment}`],
    }),
  );
};

const mentionsLine = (count: number, say: DataRightsWords): string =>
  count === 0 ? say.noMentions : count === 1 ? say.mentionOne : filled(say.mentionLine, { count });

/** What is known of her beside her own rows, and takes longer to find than they do. */
export interface KnownElsewhere {
  /** How many texts besides her own rows name her beyond doubt. */
  readonly mentions: number;
  /** Copies that hold the vault as it was. */
  readonly copies: FoundCopies;
}

/** What she may ask for, with the days that the law gives her. */
export const rightsLines = (language: Language): string[] =>
  wordsIn(language).rightsLines.map((line) => filled(line, { days: COMPLAIN_DAYS }));

/**
 * The sheet's sections. Only what is hers: no source, no other person, no account that somebody gave, no title, because
 * any of these may say who spoke.
 */
export const sheetSections = (
  db: Reader,
  id: PersonId,
  language: Language,
  { mentions, copies }: KnownElsewhere,
): Section[] => {
  const say = wordsIn(language);
  const facts = actsAgainst(db, id).map(({ happened, type }) =>
    filled(say.factLine, {
      day: partialDateDays(happened)?.from ?? '—',
      kind: term(language, 'act', type),
    }),
  );
  return [
    { heading: say.you, lines: identity(db, id, language) },
    {
      heading: say.cases,
      lines: or(
        casesOf(db, id).map(({ code, roles }) =>
          filled(say.caseLine, {
            code,
            roles: roles.map((role) => term(language, 'role', role)).join(', '),
          }),
        ),
        say.noCases,
      ),
    },
    { heading: say.facts, lines: facts.length === 0 ? [say.noFacts] : [...facts, say.factsNote] },
    {
      heading: say.evidence,
      lines: or(
        handedOver(db, id).map((one) =>
          filled(say.evidenceLine, {
            day: day(one.received_at),
            kind: term(language, 'evidence', one.kind),
          }),
        ),
        say.noEvidence,
      ),
    },
    {
      heading: say.consents,
      lines: or(
        consentsOfPerson(db, id).map((consent) =>
          filled(say.consentLine, {
            day: day(consent.createdAt),
            recipient: term(language, 'recipient', consent.recipientClass),
            answer: term(language, 'consent', consent.answer),
          }),
        ),
        say.noConsents,
      ),
    },
    {
      heading: say.mentions,
      lines: [mentionsLine(mentions, say)],
    },
    {
      heading: say.disclosures,
      lines: [...or(disclosures(db, id, language), say.noDisclosures), say.disclosuresNote],
    },
    {
      heading: say.backups,
      lines: [
        ...(copies.rows.length === 0 && copies.looked ? [say.noBackups] : []),
        ...copies.rows.map((one) => filled(say.backupLine, { day: day(one.at) })),
        ...(copies.looked ? [] : [say.backupsNotLooked]),
      ],
    },
    { heading: say.rights, lines: rightsLines(language) },
  ];
};

const textsNaming = async (call: OpenCall, id: PersonId, signal: AbortSignal): Promise<number> => {
  const { sites } = await scanFor(() => call.db.connection, id, signal);
  const rows = sites
    .filter((site) => !isDerived(site) && site.places.some((place) => place.certain))
    .map(({ row }) => `${row.table.name}/${row.key.map(String).join('|')}`);
  return new Set(rows).size;
};

/** @throws AppError `record.notFound`, `erasure.outOfSight`, `call.cancelled` */
export const knownElsewhere = async (
  call: OpenCall,
  id: PersonId,
  signal: AbortSignal,
): Promise<KnownElsewhere> => ({
  mentions: await textsNaming(call, id, signal),
  copies: await findCopies(call, (db) => ({ beforePosition: (lastEntry(db)?.position ?? 0) + 1 })),
});

/** What we know of her, in words for her. @throws AppError `record.notFound`, `erasure.alreadyErased` */
export async function knowOf(
  call: OpenCall,
  input: HandlerInput<'erasure.know'>,
): Promise<CallOutput<'erasure.know'>> {
  const { personId, language } = input;
  if (read(call, (db) => holdOf(db, personId)?.state) === 'erased')
    throw new AppError('erasure.alreadyErased');
  const elsewhere = await knownElsewhere(call, personId, new AbortController().signal);
  call.session.reads.note(call.method, 'person', personId);
  return {
    language,
    title: wordsIn(language).sheetTitle,
    sections: read(call, (db) => sheetSections(db, personId, language, elsewhere)),
  };
}
