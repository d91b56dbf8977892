import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { localDay, localMinute } from '#shared/rules/partial-date.ts';
import { read } from '../../db/index.ts';
import { newFolio } from '../../folio.ts';
import { findCopies, disclosuresOfPerson } from '../erasure/index.ts';
import { holdOf } from '../holds/index.ts';
import { needPerson } from '../people/index.ts';
import { erasureOf } from './certificate-repo.ts';
import { filled, wordsOf } from './leaving-certificate.ts';
import { writeCertificate, type Certifying } from './write-certificate.ts';

/**
 * The sheet that says that somebody's data was erased. It stands under her neutral code, because her name is not here
 * any more; whoever receives it writes the name by hand. What could not be erased stands in it, too.
 *
 * @throws AppError `record.notFound`, `erasure.notErased`, and those of `writeCertificate`.
 */
export async function certifyErasure(
  call: Certifying,
  input: HandlerInput<'erasure.certificate'>,
): Promise<CallOutput<'erasure.certificate'>> {
  const { clock } = call.core.ports;
  const say = wordsOf(input.language);
  const minute = (ms: number): string => localMinute(ms, clock.zone()).replace('T', ' ');
  const { code, done, delivered } = read(call, (db) => {
    // Who may not see her may not learn that there is something to see.
    needPerson(db, input.personId);
    const hold = holdOf(db, input.personId);
    const kept = erasureOf(db, input.personId);
    if (hold?.state !== 'erased' || kept === null) throw new AppError('erasure.notErased');
    return {
      code: hold.code,
      done: kept,
      delivered: disclosuresOfPerson(db, input.personId),
    };
  });
  // Where nobody can say since when she is gone here, every backup may hold her.
  const since = done.position === null ? {} : { beforePosition: done.position, erased: true };
  const backups = await findCopies(call, () => since);
  return writeCertificate(
    call,
    input.target,
    {
      title: say.erasureTitle,
      folio: `C-${newFolio(call.core.ports.random)}`,
      day: localDay(clock.now(), clock.zone()),
      language: input.language,
      fields: [
        [say.code, code],
        [say.erased, minute(done.erasedMs)],
        [say.erasedBy, done.actor],
        [say.reason, done.reason],
        [say.basis, done.legalBasis],
        [say.replaced, String(done.replaced)],
        [say.payloads, String(done.payloads)],
        [say.positions, done.positionsHash],
      ],
      lists: [
        {
          heading: say.delivered,
          lines:
            delivered.length === 0
              ? [say.deliveredNone]
              : [
                  ...delivered.map((one) =>
                    filled(say.deliveredLine, {
                      day: one.releasedAt.slice(0, 10),
                      recipient: one.recipient,
                      how: say[`how.${one.treatment}`],
                    }),
                  ),
                  say.deliveredNote,
                ],
        },
        {
          heading: say.backups,
          lines: [
            ...(backups.rows.length === 0 && backups.looked ? [say.backupsNone] : []),
            ...backups.rows.map(({ kind, place, at }) =>
              filled(say.backupsLine, {
                place: kind === 'beforeUpdate' ? say.beforeUpdate : place,
                day: minute(Date.parse(at)),
              }),
            ),
            ...(backups.looked ? [] : [say.backupsNotLooked]),
          ],
        },
        { heading: say.stays, lines: say.staysLines },
      ],
      signers: [
        [say.signErased, done.actor],
        [say.signReceives, ''],
      ],
    },
    { table: 'person_hold', id: input.personId },
  );
}
