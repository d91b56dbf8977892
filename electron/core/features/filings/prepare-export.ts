import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { exportIdSchema } from '#shared/model/ids.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import type { OpenCall } from '../../context.ts';
import { sql, write, type Tx } from '../../db/index.ts';
import { newFolio } from '../../folio.ts';
import { needCase } from '../cases/index.ts';
import {
  decisionsOf,
  insertExport,
  needExport,
  putDecision,
  updateReport,
  updateSettings,
} from './export-repo.ts';
import type { ExportSettings, StoredExport } from './export-repo.ts';
import { assemble } from './assemble.ts';
import { readMaterial } from './case-material.ts';
import { settingOf } from './annex-plan.ts';
import { ensurePseudonyms, today } from './plan.ts';
import { needProfile } from './profiles.ts';

export const tellExportsChanged = (call: OpenCall, tx: Tx, caseId: StoredExport['caseId']): void => {
  tx.afterCommit(() => {
    call.core.emit({ name: 'exports.changed', payload: { caseId } });
  });
};

/** The series of a recipient: the same letters and key each time, other ones for everybody else. */
const seriesFor = (call: OpenCall, tx: Tx, recipient: string): string => {
  const key = foldKey(recipient);
  const known = tx.get(sql`SELECT id FROM series WHERE recipient = ${key}`, z.object({ id: z.string() }));
  if (known !== null) return known.id;
  const id = call.core.newId();
  tx.run(
    sql`INSERT INTO series (id, recipient, created_at) VALUES (${id}, ${key}, ${call.core.ports.clock.now()})`,
  );
  const seed = call.core.ports.random.bytes(32);
  try {
    tx.run(sql`INSERT INTO series_key (series_id, seed) VALUES (${id}, ${seed})`);
  } finally {
    call.core.ports.crypto.zero(seed);
  }
  return id;
};

/**
 * Begins an export: nothing leaves, nothing is decided yet.
 *
 * @throws AppError `record.notFound`, `export.profileUnknown`
 */
export function prepareExport(
  call: OpenCall,
  input: HandlerInput<'exports.prepare'>,
): CallOutput<'exports.prepare'> {
  const profile = needProfile(input.profile);
  const id = exportIdSchema.parse(call.core.newId());
  const settings: ExportSettings = {
    fromDay: input.fromDay ?? null,
    toDay: input.toDay ?? null,
    folio: newFolio(call.core.ports.random),
    seed: call.core.ports.random.bytes(32).toString('hex'),
    preparedBy: call.session.actor.slotId,
    preparedByName: call.session.actor.name,
    persons: {},
    annexes: {},
    sections: {},
    incidents: [],
    leftOut: [],
  };
  write(call, (tx) => {
    needCase(tx, input.caseId);
    const seriesId = seriesFor(call, tx, input.recipient);
    insertExport(
      tx,
      {
        id,
        caseId: input.caseId,
        profile: profile.id,
        profileVersion: profile.version,
        seriesId,
        recipient: input.recipient,
        purpose: input.purpose,
        language: input.language,
        settings,
      },
      call.core.ports.clock.now(),
    );
    ensurePseudonyms(call, tx, needExport(tx, id));
    tx.journal({
      table: 'export',
      id,
      payload: {
        caseId: input.caseId,
        profile: profile.id,
        recipient: input.recipient,
        purpose: input.purpose,
      },
      children: ['series', 'pseudonym'],
    });
    tellExportsChanged(call, tx, input.caseId);
  });
  return { id };
}

/** @throws AppError `export.changedSinceCheck` for an export that has left: what was sent stays as it was. */
const needOpen = (item: StoredExport): StoredExport => {
  if (item.state === 'released') throw new AppError('export.changedSinceCheck');
  return item;
};

/** Changes what people chose; any earlier check no longer counts. */
export const changeSettings = (
  call: OpenCall,
  id: StoredExport['id'],
  change: (settings: ExportSettings, tx: Tx, item: StoredExport) => ExportSettings,
): void => {
  write(call, (tx) => {
    const item = needOpen(needExport(tx, id));
    const settings = change(item.settings, tx, item);
    updateSettings(tx, id, settings, call.core.ports.clock.now());
    ensurePseudonyms(call, tx, needExport(tx, id));
    tx.journal({
      table: 'export',
      id,
      payload: {
        persons: settings.persons,
        annexes: settings.annexes,
        sections: settings.sections,
        incidents: settings.incidents,
        ...(settings.leftOut.length === 0 ? {} : { leftOut: settings.leftOut }),
        ...(settings.digital === undefined ? {} : { digital: settings.digital }),
      },
      children: ['pseudonym'],
    });
    tellExportsChanged(call, tx, item.caseId);
  });
};

/** How one person appears in this export. @throws AppError `record.notFound` */
export function treatPerson(
  call: OpenCall,
  input: HandlerInput<'exports.treatPerson'>,
): CallOutput<'exports.treatPerson'> {
  changeSettings(call, input.id, (settings, tx, item) => {
    const { persons } = readMaterial(tx, item);
    if (!persons.some((entry) => entry.person.id === input.personId)) throw new AppError('record.notFound');
    return { ...settings, persons: { ...settings.persons, [input.personId]: input.treatment } };
  });
  return {};
}

/** Whether and how one item of evidence goes. @throws AppError `record.notFound`, `call.invalidInput` */
export function treatAnnex(
  call: OpenCall,
  input: HandlerInput<'exports.treatAnnex'>,
): CallOutput<'exports.treatAnnex'> {
  changeSettings(call, input.id, (settings, tx, item) => {
    const { evidence } = readMaterial(tx, item);
    const found = evidence.find((one) => one.id === input.evidenceId);
    if (found === undefined) throw new AppError('record.notFound');
    const setting = { treatment: input.treatment, boxes: input.boxes, reserved: input.reserved };
    const changed = { ...settings, annexes: { ...settings.annexes, [input.evidenceId]: setting } };
    if (settingOf(changed, found, needProfile(item.profile)).treatment !== input.treatment)
      throw new AppError('call.invalidInput', { field: 'treatment' });
    return changed;
  });
  return {};
}

/** Takes a very sensitive incident in, or leaves it out again. @throws AppError `record.notFound` */
export function takeIncident(
  call: OpenCall,
  input: HandlerInput<'exports.takeIncident'>,
): CallOutput<'exports.takeIncident'> {
  changeSettings(call, input.id, (settings, tx, item) => {
    const { allIncidents } = readMaterial(tx, item);
    if (!allIncidents.some((one) => one.id === input.incidentId && one.verySensitive))
      throw new AppError('record.notFound');
    const others = settings.incidents.filter((one) => one !== input.incidentId);
    return { ...settings, incidents: input.included ? [...others, input.incidentId] : others };
  });
  return {};
}

/** What of the digital evidence goes. @throws AppError `record.notFound`, `call.invalidInput` */
export function takeDigital(
  call: OpenCall,
  input: HandlerInput<'exports.takeDigital'>,
): CallOutput<'exports.takeDigital'> {
  changeSettings(call, input.id, (settings, _tx, item) => {
    const { digital } = needProfile(item.profile);
    if (input.indicators && digital.indicators === 'never')
      throw new AppError('call.invalidInput', { field: 'indicators' });
    return { ...settings, digital: { findings: input.findings, indicators: input.indicators } };
  });
  return {};
}

/** Free text of a section. @throws AppError `record.notFound`, `call.invalidInput` */
export function writeSection(
  call: OpenCall,
  input: HandlerInput<'exports.writeSection'>,
): CallOutput<'exports.writeSection'> {
  changeSettings(call, input.id, (settings, _tx, item) => {
    const section = needProfile(item.profile).sections.find((one) => one.id === input.section);
    if (section?.source !== 'text') throw new AppError('call.invalidInput', { field: 'section' });
    return { ...settings, sections: { ...settings.sections, [input.section]: input.text } };
  });
  return {};
}

/**
 * Decides spans of the text. A known strong value cannot be kept: the check after it would be final.
 *
 * @throws AppError `record.notFound`, `call.invalidInput`
 */
export function decideExport(
  call: OpenCall,
  input: HandlerInput<'exports.decide'>,
): CallOutput<'exports.decide'> {
  return write(call, (tx) => {
    const item = needOpen(needExport(tx, input.id));
    const profile = needProfile(item.profile);
    const material = readMaterial(tx, item);
    const when = { day: today(call), zone: call.core.ports.clock.zone() };
    const { suggestions } = assemble(material, item, decisionsOf(tx, input.id), profile, when);
    const known = new Map(suggestions.map((suggestion) => [suggestion.id, suggestion]));
    for (const decision of input.decisions) {
      const suggestion = known.get(decision.suggestionId);
      if (suggestion === undefined) throw new AppError('record.notFound');
      if (!suggestion.actions.includes(decision.action))
        throw new AppError('call.invalidInput', { field: 'action' });
      if (decision.action === 'keep' && suggestion.decision === null && decision.reason.trim() === '') {
        throw new AppError('call.invalidInput', { field: 'reason' });
      }
      putDecision(
        tx,
        input.id,
        {
          id: call.core.newId(),
          kind: 'span',
          subject: decision.suggestionId,
          verdict: decision.action,
          reason: decision.reason,
          contextHash: null,
          actor: call.session.actor.name,
        },
        call.core.ports.clock.now(),
      );
    }
    updateReport(tx, input.id, 'deciding', null, null, call.core.ports.clock.now());
    tx.journal({
      table: 'export',
      id: input.id,
      payload: {
        decided: input.decisions.map(({ suggestionId, action, reason }) => ({
          suggestionId,
          action,
          reason,
        })),
      },
      children: ['export_decision'],
    });
    tellExportsChanged(call, tx, item.caseId);
    const after = assemble(material, item, decisionsOf(tx, input.id), profile, when);
    return { pending: after.pending };
  });
}
