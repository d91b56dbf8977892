import type { CallInput } from '#shared/contract/index.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import type { Client } from '../client.ts';
import type { ExampleCase, ExampleConsent, ExamplePerson } from './example-case.ts';
import {
  ACCUSED_KINDS,
  answerOf,
  dayOf,
  FORMS,
  ORGANISATION_KINDS,
  PERSON_ROLES,
  RECIPIENTS,
} from './field-words.ts';

export type Ids = ReadonlyMap<string, PersonId>;
type Roles = CallInput<'cases.addPerson'>['roles'];

const said = (words: string | undefined): { kind: 'said'; words: string } | { kind: 'notAsked' } =>
  words === undefined ? { kind: 'notAsked' } : { kind: 'said', words };

const personInput = (one: ExamplePerson): CallInput<'persons.record'> => ({
  name: one.nombre,
  kind: one.clase === 'colectivo' ? 'collective' : 'individual',
  aliases: one.alias,
  ...(one.nombre_legal === undefined ? {} : { legalName: one.nombre_legal }),
  contacts: [
    ...one.telefonos.map((value) => ({ kind: 'phone' as const, value, sensitivity: 'usual' as const })),
    ...one.correos.map((value) => ({ kind: 'email' as const, value, sensitivity: 'usual' as const })),
    /* Accounts are left out: this one bears the name of the radio station, which agreed to be named. */
  ],
  identifiers: one.curp_ficticia === undefined ? [] : [{ kind: 'curp', value: one.curp_ficticia }],
  inOwnWords: {
    gender: said(one.genero_palabras_propias),
    pronoun: said(one.pronombre),
    age: said(one.edad === undefined ? undefined : String(one.edad)),
    people: said(one.pueblo),
    language: said(one.lengua?.nombre),
    disability: { kind: 'notAsked' },
    family: { kind: 'notAsked' },
  },
  work: one.labor,
  minor: one.menor,
  groupSize: one.numero_personas ?? null,
  note: one.nota,
});

const rolesOf = (one: ExamplePerson, beneficiaries: readonly string[]): Roles => {
  const roles: Roles = one.rol.flatMap((word) => PERSON_ROLES[word] ?? []);
  if (beneficiaries.includes(one.id)) roles.push('beneficiary');
  if (one.relacion !== '') roles.push('relative');
  return roles.length === 0 ? ['other'] : roles;
};

/** Records everybody whom the example names; gives their ids in the vault by their ids in the example. */
export const loadPeople = async (client: Client, example: ExampleCase, caseId: CaseId): Promise<Ids> => {
  const ids = new Map<string, PersonId>();
  const add = async (
    key: string,
    input: CallInput<'persons.record'>,
    roles: Roles,
    reserved: boolean,
  ): Promise<void> => {
    const { id } = await client.call('persons.record', input);
    ids.set(key, id);
    await client.call('cases.addPerson', { caseId, personId: id, roles, reserved });
  };
  for (const one of example.personas) {
    const roles = rolesOf(one, example.expediente.beneficiarias);
    await add(one.id, personInput(one), roles, roles.includes('witness') || roles.includes('source'));
  }
  for (const one of example.organizaciones) {
    const members = one.integrantes ?? one.personas;
    await add(
      one.id,
      {
        name: one.nombre,
        kind: ORGANISATION_KINDS[one.clase] ?? 'organisation',
        groupSize: members ?? null,
        note: one.nota,
      },
      [
        example.expediente.beneficiarias.includes(one.id)
          ? 'beneficiary'
          : one.id === 'org-polmun'
            ? 'allegedPerpetrator'
            : 'other',
      ],
      false,
    );
  }
  for (const one of example.senalados) {
    await add(
      one.id,
      {
        name: one.nombre,
        kind: ACCUSED_KINDS[one.clase ?? ''] ?? 'individual',
        level: one.nivel,
        work: one.cargo,
        note: one.certeza,
      },
      ['allegedPerpetrator'],
      false,
    );
  }
  for (const one of example.organizacion_usuaria.equipo) {
    await add(
      one.id,
      {
        name: one.nombre,
        kind: 'individual',
        contacts: [{ kind: 'email', value: one.correo, sensitivity: 'sealed' }],
      },
      ['staff'],
      false,
    );
  }
  return ids;
};

const consentInput = (
  one: ExampleConsent,
  caseId: CaseId,
  personId: PersonId,
): CallInput<'consents.record'> => {
  const answer = answerOf(one);
  return {
    caseId,
    personId,
    recipientClass: RECIPIENTS[one.destinatario] ?? 'all',
    answer,
    toBody: one.al_organismo || one.publico || answer === 'impeded',
    toState: one.al_estado || one.publico || answer === 'impeded',
    toPublic: one.publico,
    form: FORMS[one.forma] ?? 'other',
    givenOn: dayOf(one.fecha),
    expiresDay: one.vence ?? null,
    impediment:
      answer === 'impeded' ? { reason: 'incommunicado', words: one.motivo, since: dayOf(one.fecha) } : null,
    condition: one.condicion,
    note: one.nota,
  };
};

/** Records what each person answered, and the withdrawals, as later acts of their own. */
export const loadConsents = async (
  client: Client,
  example: ExampleCase,
  caseId: CaseId,
  ids: Ids,
): Promise<number> => {
  for (const one of example.consentimientos) {
    const personId = ids.get(one.persona);
    if (personId === undefined)
      throw new Error(`the example names ${one.persona}, whom it does not describe`);
    const { id, version } = await client.call('consents.record', consentInput(one, caseId, personId));
    if (one.retirado !== undefined) {
      await client.call('consents.withdraw', { id, version, day: one.retirado, reason: one.motivo });
    }
  }
  return example.consentimientos.length;
};
