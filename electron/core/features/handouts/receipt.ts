import en from '#resources/vocabularies/en.json' with { type: 'json' };
import es from '#resources/vocabularies/es.json' with { type: 'json' };
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Reception } from '#shared/contract/devices.ts';
import type { Language } from '#shared/model/common.ts';
import { cleanText, type FilingDocument } from '#shared/model/filing-document.ts';
import { localMinute } from '#shared/rules/partial-date.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { read } from '../../db/index.ts';
import { renderHandoverSheet } from '../filings/index.ts';
import { needPerson } from '../people/index.ts';
import { forensicWords, needDevice, needReception, type StoredDevice } from '../surveillance/index.ts';
import { writeHandout } from './write-handout.ts';

const field = (label: string, text: string) => ({
  label: cleanText(label),
  runs: [{ kind: 'text' as const, text: cleanText(text) }],
});

/**
 * The content of the receipt. It says what is handed over, in what state, by whom and to whom. The reason, the note,
 * the case and who else is concerned are not given to this function's result by anything: they are never read here.
 */
export function receiptDocument(
  device: Pick<StoredDevice, 'kind' | 'make' | 'model' | 'identifiers'>,
  reception: Pick<
    Reception,
    | 'folio'
    | 'receivedAt'
    | 'place'
    | 'power'
    | 'condition'
    | 'accessories'
    | 'seal'
    | 'relation'
    | 'receivedBy'
  >,
  handedBy: string,
  options: { readonly language: Language; readonly zone: string },
): FilingDocument {
  const { language, zone } = options;
  const words = forensicWords(language).receipt;
  const labels = language === 'es' ? es : en;
  const when = localMinute(Date.parse(reception.receivedAt), zone);
  const or = (text: string): string => (text.trim() === '' ? words.unknown : text);
  const identifiers = device.identifiers.map(
    ({ kind, value }) => `${labels.deviceIdentifier[kind]} ${value}`,
  );
  return {
    language,
    title: words.title,
    folio: reception.folio,
    day: when.slice(0, 10),
    ...(reception.place.trim() === '' ? {} : { place: cleanText(reception.place) }),
    addressee: [],
    head: [],
    sections: [
      {
        id: 'what',
        heading: words.what,
        blocks: [
          {
            kind: 'fields',
            items: [
              field(
                words.device,
                [labels.deviceKind[device.kind], device.make, device.model]
                  .filter((part) => part !== '')
                  .join(' '),
              ),
              field(words.identifiers, or(identifiers.join('; '))),
              field(words.power, or(reception.power.map((state) => labels.powerState[state]).join(', '))),
              field(words.condition, or(reception.condition)),
              field(words.accessories, or(reception.accessories)),
              field(words.seal, reception.seal === '' ? words.noSeal : reception.seal),
              field(words.when, when.replace('T', ' ')),
              field(words.handedBy, or(handedBy)),
              field(words.relation, or(reception.relation)),
              field(words.receivedBy, or(reception.receivedBy)),
            ],
          },
        ],
      },
      {
        id: 'terms',
        heading: words.terms,
        blocks: [
          {
            kind: 'list',
            ordered: false,
            items: words.termsItems.map((text) => [{ kind: 'text' as const, text }]),
          },
        ],
      },
    ],
    closing: [],
    annexes: [],
    signatures: {
      signers: [
        {
          role: words.signHand,
          how: 'hand',
          ...(handedBy.trim() === '' ? {} : { name: cleanText(handedBy) }),
        },
        {
          role: words.signReceive,
          how: 'hand',
          ...(reception.receivedBy.trim() === '' ? {} : { name: cleanText(reception.receivedBy) }),
        },
      ],
    },
  };
}

/**
 * Prints the receipt of a reception to a chosen place, for two signatures.
 *
 * @throws AppError `record.notFound`, `evidence.targetUnknown`, `disk.*`, `export.cloudFolder`, `export.glyphMissing`
 */
export async function printReceipt(
  call: OpenCall & { readonly task: TaskHandle },
  input: HandlerInput<'receptions.receipt'>,
): Promise<CallOutput<'receptions.receipt'>> {
  const { clock, random, loadFonts } = call.core.ports;
  const { device, reception, handedBy } = read(call, (db) => {
    const found = needReception(db, input.id);
    const person = found.handedById === null ? null : needPerson(db, found.handedById);
    return {
      device: needDevice(db, found.deviceId),
      reception: found,
      handedBy:
        person === null ? found.handedByWords : person.legalName === '' ? person.name : person.legalName,
    };
  });
  const document = receiptDocument(device, reception, handedBy, {
    language: input.language,
    zone: clock.zone(),
  });
  const { bytes } = await renderHandoverSheet(document, { random, loadFonts });
  return writeHandout(
    call,
    input.target,
    {
      kind: 'receipt',
      subjectId: reception.id,
      caseId: device.caseId,
      recipient: handedBy,
      settings: { language: input.language },
      fileName: `${input.language === 'es' ? 'recibo' : 'receipt'}-${reception.folio}.pdf`,
    },
    bytes,
  );
}
