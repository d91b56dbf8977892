import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { cleanText, type FilingDocument } from '#shared/model/filing-document.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { read, write } from '../../db/index.ts';
import { newFolio } from '../../folio.ts';
import { renderDocx, renderPdf, writeOutput } from '../filings/index.ts';
import { holdOf } from '../holds/index.ts';
import { needPerson } from '../people/index.ts';
import { whyNotHere } from '../vault/index.ts';
import { todayOf } from './data-requests.ts';
import { disclosuresOfPerson } from './disclosure-repo.ts';
import { knownElsewhere, rightsLines, sheetSections, type KnownElsewhere } from './know.ts';
import { manifestOf, pseudonymIn } from './knowledge-repo.ts';
import { filled, wordsIn } from './words.ts';

type Writing = OpenCall & { readonly task: TaskHandle };
type Input = HandlerInput<'erasure.letters'>;

interface Letter {
  readonly name: string;
  readonly title: string;
  readonly addressee: readonly string[];
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

const documentOf = (call: Writing, letter: Letter, input: Input, day: string): FilingDocument => ({
  language: input.language,
  title: letter.title,
  folio: `D-${newFolio(call.core.ports.random)}`,
  day,
  addressee: letter.addressee.map((line) => cleanText(line).slice(0, 500)),
  head: [],
  sections: letter.sections.map(({ heading, lines }, at) => ({
    id: `section${String(at + 1)}`,
    heading,
    blocks: lines.slice(0, 1_000).map((line) => ({
      kind: 'paragraph' as const,
      runs: [{ kind: 'text' as const, text: cleanText(line).slice(0, 20_000) || '—' }],
    })),
  })),
  closing: [],
  annexes: [],
});

/** The answer to her: what was done, what we know of her, to whom it went, what she may still do. */
const answerLetter = (call: Writing, input: Input, elsewhere: KnownElsewhere): Letter => {
  const say = wordsIn(input.language);
  return read(call, (db) => {
    const state = holdOf(db, input.personId)?.state ?? 'none';
    return {
      name: 'respuesta',
      title: say.answerTitle,
      addressee: [needPerson(db, input.personId).name],
      sections: [
        { heading: say.answerState, lines: [say[`state.${state}`]] },
        ...sheetSections(db, input.personId, input.language, elsewhere).filter(
          ({ heading }) => heading !== say.rights,
        ),
        { heading: say.rights, lines: rightsLines(input.language) },
      ],
    };
  });
};

/**
 * One letter for each delivery in which she stood by name or by pseudonym. It says to each recipient only what that
 * recipient has already: where she was a letter of the alphabet, she stays one.
 */
const recipientLetters = (call: Writing, input: Input): Letter[] => {
  const say = wordsIn(input.language);
  return read(call, (db) =>
    disclosuresOfPerson(db, input.personId)
      .filter((one) => one.treatment !== 'withhold')
      .map((one, at): Letter => {
        const named = one.treatment === 'name';
        const name = named
          ? needPerson(db, input.personId).name
          : (pseudonymIn(db, one.ledgerId, input.personId) ?? '');
        const how = filled(say[named ? 'recipientHow.name' : 'recipientHow.pseudonym'], { name });
        const manifest = manifestOf(db, one.ledgerId);
        return {
          name: `aviso-${String(at + 1).padStart(2, '0')}`,
          title: say.recipientTitle,
          addressee: [one.recipient],
          sections: [
            {
              heading: say.recipientAbout,
              lines: [
                filled(say.recipientLine, { day: one.releasedAt.slice(0, 10), code: one.caseCode, how }),
              ],
            },
            {
              heading: say.recipientAsk,
              lines: say.recipientLines.map((line) => filled(line, { manifest })),
            },
          ],
        };
      }),
  );
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

/**
 * Writes the letters to a chosen folder, each a file of its own. They are made before the second stage: afterwards
 * nobody here knows her name.
 *
 * The contract asks for the power to see everything about a person; that files leave needs the other one as well.
 *
 * @throws AppError `call.notAllowed`, `erasure.alreadyErased`, `record.notFound`, `export.cloudFolder`, `export.glyphMissing`, `disk.*`
 */
export async function writeLetters(call: Writing, input: Input): Promise<CallOutput<'erasure.letters'>> {
  const { disk, random, loadFonts } = call.core.ports;
  if (!call.session.actor.powers.includes('release')) throw new AppError('call.notAllowed');
  if (read(call, (db) => holdOf(db, input.personId)?.state) === 'erased')
    throw new AppError('erasure.alreadyErased');
  const grant = call.core.grants.need(input.target);
  if (grant.kind !== 'targetFolder' && grant.kind !== 'folder') throw new AppError('evidence.targetUnknown');
  // A letter is in clear, and what a cloud service copies cannot be taken back.
  if ((await whyNotHere(disk, grant.path)) === 'vault.syncedFolder') throw new AppError('export.cloudFolder');
  if ((await disk.stat(grant.path)) === null) await disk.makeFolder(grant.path);
  const day = todayOf(call);
  const letters: Letter[] = [];
  if (input.letters.includes('answer')) {
    const elsewhere = await knownElsewhere(call, input.personId, call.task.signal);
    letters.push(answerLetter(call, input, elsewhere));
  }
  if (input.letters.includes('recipients')) letters.push(...recipientLetters(call, input));
  write(call, (tx) => {
    tx.journal({
      table: 'person_hold',
      id: input.personId,
      payload: { letters: letters.length, format: input.format },
    });
  });
  const files: { name: string; sizeBytes: number; sha256: string }[] = [];
  for (const letter of letters) {
    if (call.task.signal.aborted) throw new AppError('call.cancelled');
    const document = documentOf(call, letter, input, day);
    const bytes =
      input.format === 'pdf'
        ? (await renderPdf(document, { random, loadFonts })).bytes
        : await renderDocx(document);
    const name = `${letter.name}-${day}.${input.format}`;
    const written = await writeOutput(disk, grant.path, name, once(bytes), day, call.task.signal);
    files.push({ name, sizeBytes: written.bytes, sha256: written.sha256 });
    call.task.progress('writing', files.length, letters.length, 'items');
  }
  return { files };
}
