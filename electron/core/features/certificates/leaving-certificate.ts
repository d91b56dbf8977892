import enWords from '#resources/messages/en/certificate-words.json' with { type: 'json' };
import esWords from '#resources/messages/es/certificate-words.json' with { type: 'json' };
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';
import { localDay, localMinute } from '#shared/rules/partial-date.ts';
import { read } from '../../db/index.ts';
import { newFolio } from '../../folio.ts';
import { leavingOf, SlotFamilies } from '../access/index.ts';
import { backupsHolding } from '../backup/index.ts';
import { writeCertificate, type Certifying } from './write-certificate.ts';

/** Words of both certificates. */
export const wordsOf = (language: Language): typeof esWords => (language === 'es' ? esWords : enWords);

/** Puts values into the `{names}` of a sentence. */
export const filled = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** Days that the counts of the closing look back; the sheet tells none of them, only what it lists. */
const DAYS = 90;

/**
 * The sheet that both sign when somebody's access was closed. It tells what was open, what was collected and which
 * older copies still open with what they know: a closing that hides these would be believed too much.
 *
 * @throws AppError `leaving.stillOpen`, `record.notFound`, and those of `writeCertificate`.
 */
export function certifyLeaving(
  call: Certifying,
  input: HandlerInput<'leaving.certificate'>,
): Promise<CallOutput<'leaving.certificate'>> {
  const { clock } = call.core.ports;
  const say = wordsOf(input.language);
  const minute = (instant: string | number): string =>
    localMinute(typeof instant === 'number' ? instant : Date.parse(instant), clock.zone()).replace('T', ' ');
  const facts = leavingOf(call, { slotId: input.slotId, days: DAYS });
  if (facts.closedAt === null) throw new AppError('leaving.stillOpen');
  const older = read(call, (db) => {
    const closedAfter = new SlotFamilies(db).of(input.slotId)?.retiredAt ?? 0;
    // One that is not where it was is told as well: somebody may have it.
    return backupsHolding(db, { beforePosition: closedAfter + 1 });
  });
  const collected = input.collected.map((one) => say[`collected.${one}`]);
  return writeCertificate(
    call,
    input.target,
    {
      title: say.leavingTitle,
      folio: `C-${newFolio(call.core.ports.random)}`,
      day: localDay(clock.now(), clock.zone()),
      language: input.language,
      fields: [
        [say.name, facts.name],
        [say.since, minute(facts.since)],
        [say.closed, minute(facts.closedAt)],
        [say.closedBy, facts.closedBy ?? ''],
        [say.generation, filled(say.generationText, { value: facts.generation })],
        [say.exports, String(facts.exports.length)],
        [say.cases, String(facts.cases.length)],
        [say.drafts, String(facts.drafts.length)],
        [say.paper, facts.held.join(', ') || say.none],
        [say.journal, filled(say.journalText, { position: facts.journalPosition })],
        [say.journalHash, facts.journalHead],
      ],
      lists: [
        { heading: say.collected, lines: collected.length === 0 ? [say.collectedNothing] : collected },
        {
          heading: say.older,
          lines: [
            ...(older.length === 0
              ? [say.olderNone]
              : older.map(({ name, takenMs }) =>
                  filled(say.olderLine, { place: name, day: minute(takenMs) }),
                )),
            say.olderNote,
          ],
        },
        { heading: say.confidence, lines: say.confidenceLines },
      ],
      signers: [
        [say.signLeaves, facts.name],
        [say.signCloses, facts.closedBy ?? ''],
      ],
    },
    { table: 'roster', id: input.slotId },
  );
}
