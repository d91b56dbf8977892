import { createHash } from 'node:crypto';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { sql, write, type Tx } from '../../db/index.ts';
import { requireUntampered } from '../../journal/index.ts';
import { approvalFor, type Approval } from '../approvals/index.ts';
import { addCustody } from '../evidence/index.ts';
import { whyNotHere } from '../vault/index.ts';
import { exportStatement } from './approve-export.ts';
import { buildExport, prepareBagOutput, prepareFilingOutput } from './build-export.ts';
import type { BuiltExport, PreparedOutput } from './build-export.ts';
import { readMaterial } from './case-material.ts';
import { reportFor, stateOf } from './check-export.ts';
import { consentBlocks, consentFindings } from './consent-gate.ts';
import { alteredToTell, notLeftOut } from './digital-evidence.ts';
import { decisionsOf, needExport, updateReport } from './export-repo.ts';
import type { StoredExport, StoredReport } from './export-repo.ts';
import {
  encryptAge,
  entryOfBytes,
  freeName,
  isAgeRecipient,
  publicKeyLine,
  writeOutput,
  zipBytes,
} from './package/index.ts';
import type { SeriesKey, WrittenFile } from './package/index.ts';
import { loadPlan, today } from './plan.ts';
import type { Plan } from './plan.ts';
import { planHash } from './plan-hash.ts';
import { tellExportsChanged } from './prepare-export.ts';
import { needProfile } from './profiles.ts';
import { removeOutside } from './remove-outside.ts';
import { claimDelivered, forgetPending, notePending } from './release-outbox-repo.ts';
import { seriesKeyOf } from './series-key.ts';

type Releasing = OpenCall & { readonly task: TaskHandle };
type Input = HandlerInput<'exports.release'>;
interface Written {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Everything that must hold at the moment of leaving, read from rows whose hash the journal vouches for:
 * a consent withdrawn after the check, or a row put back from an old page, stops here.
 */
const gate = (
  call: Releasing,
  tx: Tx,
  input: Input,
): { item: StoredExport; stored: StoredReport; approval: Approval | null } => {
  const item = needExport(tx, input.id);
  const guard = { crypto: call.core.ports.crypto, vaultId: call.session.vaultId, db: call.session.db };
  requireUntampered(guard, tx, 'export', [item.id]);
  const stored = item.report;
  if (stored === null || stored.form !== input.form || item.state === 'deciding')
    throw new AppError('export.notChecked');
  if (item.state === 'released') throw new AppError('export.changedSinceCheck');
  if (item.planHash === null || !item.planHash.equals(planHash(stored)))
    throw new AppError('export.changedSinceCheck');
  const decisions = decisionsOf(tx, item.id);
  requireUntampered(
    guard,
    tx,
    'export_decision',
    decisions.map((decision) => decision.id),
  );
  const material = readMaterial(tx, item);
  requireUntampered(
    guard,
    tx,
    'consent',
    material.consents.map((consent) => consent.id),
  );
  const report = reportFor(stored, decisions);
  const open = report.hits.filter((hit) => hit.verdict !== 'other').length;
  if (open > 0) throw new AppError('export.leakFound', { params: { count: open } });
  if (report.undecoded.length > 0) throw new AppError('export.undecodable');
  if (report.outsideAllowList.length > 0) throw new AppError('export.outsideAllowList');
  if (stateOf(stored, decisions) !== 'checked' || !report.inventoryConfirmed)
    throw new AppError('export.notChecked');
  const profile = needProfile(item.profile);
  const answers = consentFindings(material, item.settings, profile, today(call));
  // Altered after the check: what was searched no longer is what may leave.
  if (notLeftOut(alteredToTell(material.forensic, answers, profile), item.settings).length > 0)
    throw new AppError('finding.altered');
  const blocked = consentBlocks(answers, profile);
  if (blocked.length > 0) throw new AppError('export.consentRefused', { params: { count: blocked.length } });
  const approval = approvalFor(call, tx, exportStatement(item, stored, decisions));
  // One person lets it out alone only in an emergency, with a reason that stays.
  if (profile.secondPerson && approval === null && (input.emergencyReason ?? '').trim() === '')
    throw new AppError('export.approvalNeeded');
  return { item, stored, approval };
};

const targetFolder = async (call: Releasing, input: Input): Promise<string> => {
  const grant = call.core.grants.need(input.target);
  if (grant.kind !== 'targetFolder' && grant.kind !== 'folder') throw new AppError('evidence.targetUnknown');
  if ((await call.core.ports.disk.stat(grant.path))?.kind === 'file') throw new AppError('disk.isFile');
  const why = await whyNotHere(call.core.ports.disk, grant.path);
  // What a cloud service copies cannot be taken back; only ciphertext may lie there.
  if (why === 'vault.syncedFolder' && input.ageRecipients.length === 0)
    throw new AppError('export.cloudFolder');
  return grant.path;
};

/** The bytes about to leave must be the bytes that were searched. */
const compare = (built: BuiltExport, stored: StoredReport): void => {
  const now = new Map(built.files.map((file) => [file.path, file.sha256]));
  const same =
    stored.files.length === now.size && stored.files.every((file) => now.get(file.name) === file.sha256);
  if (!same) throw new AppError('export.changedSinceCheck');
};

const writeAll = async (
  call: Releasing,
  folder: string,
  output: PreparedOutput,
  input: Input,
  day: string,
  name: string,
  outboxId: string,
  begun: Begun[],
): Promise<Written[]> => {
  const { disk, random, crypto } = call.core.ports;
  const { signal } = call.task;
  const written: Written[] = [];
  try {
    for (const stream of output.streams) {
      if (signal.aborted) throw new AppError('call.cancelled');
      const into = await makeFolders(call, folder, stream.folder);
      const encrypted = input.ageRecipients.length > 0;
      const fileName = encrypted ? `${name}.age` : stream.name;
      const content = encrypted
        ? encryptAge(stream.content, { kind: 'recipients', keys: input.ageRecipients }, { random, crypto })
        : stream.content;
      const path = `${into}/${fileName}`;
      // Never over what is there; and the vault knows of a file before the file exists.
      if ((await disk.stat(path)) !== null) throw new AppError('disk.targetExists');
      const one: Begun = { path, whole: false };
      note(call, input, outboxId, [...begun, one]);
      begun.push(one);
      const { bytes, sha256 } = await writeOutput(disk, into, fileName, content, day, signal, (sum) => {
        // By this it is known again where a crash comes before the ledger has it.
        one.sum = sum;
        note(call, input, outboxId, begun);
      }).catch((thrown: unknown) => {
        // Somebody's file took the name meanwhile: it is not ours to remove.
        if (isAppError(thrown) && thrown.code === 'disk.targetExists') begun.pop();
        throw thrown;
      });
      one.whole = true;
      const shown = stream.folder === null ? fileName : `${stream.folder}/${fileName}`;
      written.push({ name: shown, path, sizeBytes: bytes, sha256 });
      call.task.progress('writing', written.length, output.streams.length, 'items');
    }
    return written;
  } catch (thrown) {
    throw signal.aborted ? new AppError('call.cancelled', { cause: thrown }) : thrown;
  }
};

const makeFolders = async (call: Releasing, base: string, below: string | null): Promise<string> => {
  let at = base;
  const exists = await call.core.ports.disk.stat(base);
  if (exists === null) await call.core.ports.disk.makeFolder(base);
  for (const part of (below ?? '').split('/').filter((name) => name !== '')) {
    at = `${at}/${part}`;
    await call.core.ports.disk.makeFolder(at);
  }
  return at;
};

/** A file that this release began. `whole`: it lies there under its name. */
interface Begun {
  readonly path: string;
  whole: boolean;
  sum?: WrittenFile;
}

/** Keeps in the vault which files were begun outside it. */
const note = (call: Releasing, input: Input, outboxId: string, begun: readonly Begun[]): void =>
  write(call, (tx) => noteBegun(tx, call, input, outboxId, begun));

const noteBegun = (
  tx: Tx,
  call: Releasing,
  input: Input,
  outboxId: string,
  begun: readonly Begun[],
): void => {
  const sums = Object.fromEntries(begun.flatMap(({ path, sum }) => (sum === undefined ? [] : [[path, sum]])));
  const paths = begun.map(({ path }) => path);
  notePending(tx, outboxId, input.id, paths, sums, call.core.ports.clock.now());
};

/** Removes what was begun. Gives the files of which nobody can be certain that they are gone. */
const removeBegun = async (call: Releasing, begun: readonly Begun[]): Promise<Begun[]> => {
  const left: Begun[] = [];
  for (const one of begun) {
    if (!(await removeOutside(call.core.ports.disk, one.path, one.whole))) left.push(one);
  }
  return left;
};

/**
 * Writes the checked bytes to the chosen place, signs and encrypts as asked, and enters them in the ledger.
 * Consent is looked at again inside the transaction that records the release; where it fails, what was
 * written is removed.
 *
 * @throws AppError `export.notChecked`, `export.leakFound`, `export.undecodable`, `export.outsideAllowList`,
 *   `export.consentRefused`, `finding.altered`, `export.changedSinceCheck`, `export.approvalNeeded`, `export.cloudFolder`,
 *   `export.recipientKeyInvalid`, `vault.rowTampered`, `disk.*`
 */
export async function releaseExport(call: Releasing, input: Input): Promise<CallOutput<'exports.release'>> {
  if (input.ageRecipients.some((key) => !isAgeRecipient(key)))
    throw new AppError('export.recipientKeyInvalid');
  const folder = await targetFolder(call, input);
  const encrypted = input.ageRecipients.length > 0;
  const outboxId = call.core.newId();
  const { stored } = write(call, (tx) => {
    const passed = gate(call, tx, input);
    notePending(tx, outboxId, input.id, [], {}, call.core.ports.clock.now());
    tx.journal({ table: 'export', id: input.id, payload: { release: 'started' } });
    return passed;
  });
  const plan = loadPlan(call, input.id, stored.day, Date.parse(stored.report.checkedAt));
  call.task.describe(plan.item.recipient);
  const sign = input.sign ?? plan.profile.signedByDefault;
  const key = sign && input.form === 'package' ? seriesKeyOf(call, plan.item.seriesId) : null;
  let built: BuiltExport | null = null;
  const begun: Begun[] = [];
  try {
    built = await buildExport(call, plan, input.form, stored.day, call.task.signal, (done, total) => {
      call.task.progress('building', done, total, 'items');
    });
    compare(built, stored);
    const kind = encrypted || input.form === 'package' ? 'paquete' : 'escrito';
    const name = await freeName(call.core.ports.disk, folder, kind, stored.day);
    const output =
      input.form === 'package'
        ? await prepareBagOutput(call, built, stored.day, name, key)
        : await prepareFilingOutput(built, encrypted ? `escrito-${stored.day}` : name, encrypted);
    const written = await writeAll(call, folder, output, input, stored.day, name, outboxId, begun);
    return await settle(call, input, plan, built, output, written, key, outboxId);
  } catch (thrown) {
    giveUp(call, input, outboxId, await removeBegun(call, begun));
    throw thrown;
  } finally {
    if (key !== null) call.core.ports.crypto.zero(key.secretKey);
    await built?.close();
  }
}

/** @param left files that may still lie where nobody can look now: the vault goes on knowing of them. */
const giveUp = (call: Releasing, input: Input, outboxId: string, left: readonly Begun[]): void => {
  try {
    write(call, (tx) => {
      if (left.length === 0) forgetPending(tx, outboxId);
      else noteBegun(tx, call, input, outboxId, left);
      tx.journal({ table: 'export', id: input.id, payload: { release: 'failed' } });
    });
  } catch {
    // The vault was locked or taken over meanwhile: the outbox row tells the next start.
    call.core.log('exports.release', 'call.cancelled');
  }
};

/** The filing as it went, without annexes: those are evidence and stay where they are. */
const frozenCopy = async (built: BuiltExport): Promise<Buffer> => {
  const entries = [];
  for (const file of built.files) {
    if (file.origin !== 'made') continue;
    entries.push(entryOfBytes(file.path, await file.read(0, file.sizeBytes), 'deflate'));
  }
  return zipBytes(entries);
};

/** What this export went without because somebody had altered it: for the receipt and the ledger. */
const leftOutOf = ({ assembly, item }: Plan): CallOutput<'exports.release'>['leftOut'] =>
  assembly.altered
    .filter(({ examination }) => item.settings.leftOut.includes(examination.id))
    .map(({ device, examination, runs }) => ({
      examinationId: examination.id,
      device: examination.device,
      deviceKind: device.device.kind,
      comparedAt: runs.map((run) => run.endedAt),
    }));

const settle = async (
  call: Releasing,
  input: Input,
  plan: Plan,
  built: BuiltExport,
  output: PreparedOutput,
  written: readonly Written[],
  key: SeriesKey | null,
  outboxId: string,
): Promise<CallOutput<'exports.release'>> => {
  const frozen = await frozenCopy(built);
  const ledgerId = call.core.newId();
  const { item, assembly } = plan;
  const { crypto, clock } = call.core.ports;
  const persons = assembly.findings.map(({ personId, treatment }) => ({ personId, treatment }));
  const evidence = built.annexes.map(({ plan: annex, sha256 }) => ({
    evidenceId: annex.item.id,
    number: annex.number,
    treatment: annex.setting.treatment,
    sha256,
  }));
  const files = written.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 }));
  const reason = input.emergencyReason?.trim() ?? '';
  const leftOut = leftOutOf(plan);
  write(call, (tx) => {
    const passed = gate(call, tx, input);
    const now = clock.now();
    const approvedBy = passed.approval?.by ?? null;
    // An approval that holds leaves nothing of an emergency.
    const emergency = approvedBy === null && reason !== '' ? reason : null;
    tx.run(sql`
      INSERT INTO ledger (id, export_id, case_id, recipient, purpose, profile, form, prepared_by, approved_by,
        emergency_reason, manifest_sha256, public_key, encrypted, persons, evidence, private_table, report, copies,
        released_at)
      VALUES (${ledgerId}, ${item.id}, ${item.caseId}, ${item.recipient}, ${item.purpose},
        ${item.profile}, ${input.form}, ${item.settings.preparedByName}, ${approvedBy},
        ${emergency}, ${Buffer.from(output.manifestSha256, 'hex')}, ${key?.publicKey ?? null},
        ${input.ageRecipients.length > 0}, ${JSON.stringify(persons)}, ${JSON.stringify(evidence)},
        ${JSON.stringify({ folio: item.settings.folio, profileVersion: item.profileVersion, seriesId: item.seriesId, commitments: built.openings, leftOut: leftOut.map(({ examinationId, comparedAt }) => ({ examinationId, comparedAt })) })},
        ${JSON.stringify(reportFor(passed.stored, plan.decisions))}, ${JSON.stringify(files)}, ${now})`);
    tx.run(sql`INSERT INTO ledger_copy (ledger_id, frozen) VALUES (${ledgerId}, ${frozen})`);
    updateReport(tx, item.id, 'released', passed.item.planHash, passed.stored, now);
    forgetPending(tx, outboxId);
    claimDelivered(
      tx,
      written.map((file) => file.path),
    );
    tx.journal({
      table: 'ledger',
      id: ledgerId,
      payload: {
        exportId: item.id,
        recipient: item.recipient,
        manifestSha256: output.manifestSha256,
        frozenSha256: createHash('sha256').update(frozen).digest('hex'),
        emergency: emergency !== null,
        approvedBy: passed.approval?.slotId ?? null,
        ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map(({ examinationId }) => examinationId) }),
      },
      children: ['export'],
    });
    for (const annex of built.annexes) {
      addCustody(call, tx, annex.plan.item.id, {
        action: 'exported',
        detail: `${item.recipient}, ${String(annex.plan.number)}, ${annex.plan.setting.treatment}`,
      });
    }
    tellExportsChanged(call, tx, item.caseId);
  });
  return {
    ledgerId,
    files,
    manifestSha256: output.manifestSha256,
    publicKey: key === null ? null : publicKeyLine(crypto, key.publicKey),
    leftOut,
  };
};
