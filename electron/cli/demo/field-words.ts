import type { PartialDate } from '#shared/model/partial-date.ts';
import type {
  ACT_TYPES,
  CASE_ROLES,
  CONSENT_ANSWERS,
  CONSENT_FORMS,
  HARMS,
  INVOLVEMENT_DEGREES,
  KNOWLEDGE,
  PERPETRATOR_KINDS,
  PERSON_KINDS,
  RECIPIENT_CLASSES,
} from '#shared/model/vocabularies.ts';
import type { ExampleConsent, ExampleIncident } from './example-case.ts';

/* The words of the example case and the codes of the contract that they stand for. */

type Code<T extends readonly string[]> = T[number];

export const ACT_CODES: Readonly<Record<string, Code<typeof ACT_TYPES>>> = {
  estigmatizacion: 'stigmatisation',
  presion_para_remover_contenido: 'contentRemoval',
  ataque_digital: 'digitalAttack',
  seguimiento: 'physicalSurveillance',
  allanamiento_y_robo: 'breakIn',
  amenaza_de_muerte: 'deathThreat',
  amenaza: 'threat',
  omision_de_proteccion: 'failureToProtect',
  desprestigio_con_contenido_sexual: 'sexualisedSmear',
  difusion_de_informacion_personal: 'doxing',
  uso_excesivo_de_la_fuerza: 'excessiveForce',
  detencion_arbitraria: 'arbitraryDetention',
  tentativa_de_homicidio: 'attemptedMurder',
  ataque_a_bienes: 'propertyAttack',
  criminalizacion: 'criminalisation',
  represalia_por_cooperar_con_onu: 'reprisalForCooperation',
  desplazamiento_forzado: 'forcedDisplacement',
};

export const DEGREES: Readonly<Record<string, Code<typeof INVOLVEMENT_DEGREES>>> = {
  directo: 'direct',
  ordeno: 'ordered',
  sospecha: 'suspected',
  falta_de_proteccion: 'failureToProtect',
};

export const HARM_CODES: Readonly<Record<string, Code<typeof HARMS>>> = {
  economico: 'economic',
  digital: 'digital',
};
export const KNOWLEDGE_CODES: Readonly<Record<string, Code<typeof KNOWLEDGE>>> = {
  lo_vio: 'sawIt',
  lo_vivio: 'livedIt',
};

/** Kind of actor behind each who is accused. */
export const ACTOR_KINDS: Readonly<Record<string, Code<typeof PERPETRATOR_KINDS>>> = {
  's-pres': 'municipalOfficial',
  's-com': 'municipalPolice',
  's-arm': 'unidentified',
  's-pag': 'socialMediaAccount',
  's-ger': 'company',
  'org-polmun': 'municipalPolice',
};

export const ORGANISATION_KINDS: Readonly<Record<string, Code<typeof PERSON_KINDS>>> = {
  comunidad_indigena: 'community',
  policia_municipal: 'authority',
  policia_comunitaria: 'authority',
  autoridad: 'authority',
  fiscalia: 'authority',
};
export const ACCUSED_KINDS: Readonly<Record<string, Code<typeof PERSON_KINDS>>> = {
  no_identificado: 'unidentified',
  cuenta_en_redes: 'account',
  empresa: 'individual',
};

export const PERSON_ROLES: Readonly<Record<string, Code<typeof CASE_ROLES>>> = {
  testigo: 'witness',
  fuente: 'source',
  defensora: 'defender',
  representante: 'representative',
};

export const RECIPIENTS: Readonly<Record<string, Code<typeof RECIPIENT_CLASSES>>> = {
  mecanismo: 'mechanism',
  cidh: 'iachr',
  informe_publico: 'publicReport',
  onu: 'un',
  laboratorio: 'laboratory',
  todos: 'all',
};
export const FORMS: Readonly<Record<string, Code<typeof CONSENT_FORMS>>> = {
  verbal_con_testigo: 'verbalWithWitness',
  firmado: 'signed',
  firmado_por_tutora_y_opinion_de_la_adolescente: 'guardianAndOpinion',
  grabado_en_nahuatl_con_interprete: 'recorded',
  acta: 'assemblyMinutes',
};
export const answerOf = (consent: ExampleConsent): Code<typeof CONSENT_ANSWERS> =>
  consent.forma === 'negado' ? 'refused' : consent.forma === 'ausente' ? 'impeded' : 'given';

export const STATE_CODES: Readonly<Record<string, string>> = { Guerrero: 'GRO', Puebla: 'PUE' };

const ZONE = 'America/Mexico_City';
const instant = (text: string): PartialDate => ({
  kind: 'instant',
  at: new Date(text).toISOString(),
  zone: ZONE,
});

/** A date as the example writes it: an instant with its offset, a day (with words for the hour), or a range. */
export const happenedOf = ({ fecha, hora }: Pick<ExampleIncident, 'fecha' | 'hora'>): PartialDate => {
  if (typeof fecha !== 'string') {
    return {
      kind: 'range',
      from: fecha.desde,
      to: fecha.hasta,
      ...(fecha.base === undefined ? {} : { basis: fecha.base }),
    };
  }
  if (fecha.includes('T')) return instant(fecha);
  const span = /(\d\d:\d\d)\D+(\d\d:\d\d)/u.exec(hora ?? '');
  return {
    kind: 'day',
    day: fecha,
    ...(span?.[1] === undefined || span[2] === undefined ? {} : { time: span[1], untilTime: span[2] }),
    ...(hora === undefined ? {} : { words: hora }),
  };
};

export const dayOf = (text: string): PartialDate =>
  text.includes('T') ? instant(text) : { kind: 'day', day: text };
