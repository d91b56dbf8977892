import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportView } from '#shared/contract/exports.ts';
import {
  caseIdSchema,
  type CaseId,
  type EvidenceId,
  type ExportId,
  type IncidentId,
  type PersonId,
} from '#shared/model/ids.ts';
import { isAppError } from '#shared/errors.ts';
import type { Bench } from './harness.ts';

/** A fictional case: everything in it that must not leave is written in more than one way. */
export const WITNESS = 'Rosario Guerrero Luna';
export const DEFENDER = 'Maricela Xochimitl Olmedo';
export const SECRETS = [
  WITNESS,
  'Chayo Guerrero',
  '000 555 01 27',
  '0005550127',
  'Piedra Honda',
  '17.4321',
  'mari.encino',
];

export const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (thrown) {
    return isAppError(thrown) ? thrown.code : String(thrown);
  }
};

export class Case {
  readonly bench: Bench;
  caseId!: CaseId;
  witness!: PersonId;
  defender!: PersonId;
  picture!: EvidenceId;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  async build(): Promise<this> {
    const { bench } = this;
    const opened = await bench.call('cases.open', {
      title: 'Radio y agua',
      state: 'active',
      summary: '',
      openedDay: '2026-01-10',
      language: { kind: 'notAsked' },
      interpreter: 'notAsked',
      safeChannel: { medium: '', hours: '', avoid: '' },
      placeOrigin: '',
      placeRefuge: 'Huerta de los Tejocotes',
    });
    this.caseId = caseIdSchema.parse(opened.id);
    const person = async (fields: Parameters<typeof this.record>[0]): Promise<PersonId> =>
      this.record(fields);
    this.defender = await person({
      name: DEFENDER,
      aliases: ['Marisela Xochimitl'],
      contacts: [
        { kind: 'phone', value: '000 555 01 27', sensitivity: 'usual' },
        { kind: 'email', value: 'mari.encino@correo.example', sensitivity: 'usual' },
      ],
      work: 'Locutora y defensora del agua.',
    });
    this.witness = await person({ name: WITNESS, aliases: ['Chayo Guerrero'] });
    await bench.call('cases.addPerson', {
      caseId: this.caseId,
      personId: this.defender,
      roles: ['beneficiary', 'defender'],
      relation: '',
      reserved: false,
    });
    await bench.call('cases.addPerson', {
      caseId: this.caseId,
      personId: this.witness,
      roles: ['witness'],
      relation: '',
      reserved: false,
    });
    const { id: incidentId } = await bench.call('incidents.record', {
      caseId: this.caseId,
      happened: { kind: 'day', day: '2026-05-27' },
      place: {
        stateCode: 'GRO',
        municipality: 'Villa Encinares',
        locality: 'Piedra Honda de los Encinos',
        words: '',
        latitude: 17.4321,
        longitude: -99.8765,
        precisionMeters: 30,
      },
      narrative: `@[Mari](person:${this.defender}) recibió una amenaza. La vio Rosario Guerrero Luna desde Piedra Honda (17.4321, -99.8765). Llamaron al 000 555 01 27 en el estado de Guerrero.`,
      acts: [
        {
          type: 'threat',
          subtype: '',
          personId: this.defender,
          personWords: '',
          targetKind: 'person',
          harms: [],
          note: '',
          involvements: [],
        },
      ],
    });
    this.picture = await this.takePicture(incidentId);
    return this;
  }

  async record(fields: {
    name: string;
    aliases?: string[];
    contacts?: { kind: 'phone' | 'email'; value: string; sensitivity: 'usual' }[];
    work?: string;
  }): Promise<PersonId> {
    const { id } = await this.bench.call('persons.record', fields);
    return id;
  }

  async takePicture(incidentId: IncidentId): Promise<EvidenceId> {
    const path = join(this.bench.folder, 'IMG_20250527_071233.jpg');
    execFileSync('convert', [
      '-size',
      '320x200',
      'xc:#88aacc',
      '-fill',
      'black',
      '-draw',
      'rectangle 40,40 120,90',
      path,
    ]);
    execFileSync('exiftool', [
      '-q',
      '-overwrite_original',
      '-GPSLatitude=17.4321',
      '-GPSLatitudeRef=N',
      '-GPSLongitude=99.8765',
      '-GPSLongitudeRef=W',
      `-Artist=${WITNESS}`,
      path,
    ]);
    const taken = await this.bench.call('evidence.take', {
      source: this.bench.fileTarget(path),
      caseId: this.caseId,
      incidentId,
    });
    const list = await this.bench.call('evidence.list', { caseId: this.caseId });
    const row = list.rows[0];
    if (row === undefined) throw new Error(`no evidence: ${JSON.stringify(taken)}`);
    return row.id;
  }

  async consent(
    personId: PersonId,
    answer: 'given' | 'refused',
    toState: boolean,
    recipientClass: 'iachr' | 'publicReport' = 'iachr',
    toPublic = false,
  ): Promise<{ id: string; version: number }> {
    return this.bench.call('consents.record', {
      caseId: this.caseId,
      personId,
      recipientClass,
      answer,
      toBody: true,
      toState,
      toPublic,
    });
  }

  async prepare(
    recipient: string,
    profile: 'iachr-precautionary' | 'public' = 'iachr-precautionary',
  ): Promise<ExportId> {
    const { id } = await this.bench.call('exports.prepare', {
      caseId: this.caseId,
      profile,
      recipient,
      purpose: 'Prueba',
      language: 'es',
    });
    return id;
  }

  view(id: ExportId): Promise<ExportView> {
    return this.bench.call('exports.view', { id });
  }

  async decideAll(id: ExportId): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      const open = (await this.view(id)).suggestions.filter((one) => one.decision === null);
      if (open.length === 0) return;
      await this.bench.call('exports.decide', {
        id,
        decisions: open.map((one) => ({ suggestionId: one.id, action: 'withhold' as const, reason: '' })),
      });
    }
  }

  async judgeAll(id: ExportId): Promise<void> {
    const report = (await this.view(id)).report;
    for (const hit of report?.hits ?? []) {
      if (hit.verdict === null && hit.adjudicable)
        await this.bench.call('exports.adjudicate', { id, hitId: hit.id, verdict: 'other' });
    }
  }

  release(
    id: ExportId,
    folder: string,
    form: 'filing' | 'package',
    extra: { ageRecipients?: string[]; sign?: boolean } = {},
  ) {
    mkdirSync(folder, { recursive: true });
    return this.bench.call('exports.release', {
      id,
      form,
      target: this.bench.outTarget('targetFolder', folder),
      emergencyReason: 'una sola persona de guardia',
      ageRecipients: [],
      ...extra,
    });
  }
}

export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

export const unzip = (archive: string, into: string): void => {
  execFileSync('python3', [
    '-c',
    'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
    archive,
    into,
  ]);
};
