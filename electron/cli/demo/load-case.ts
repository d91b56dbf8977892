import type { CallInput } from '#shared/contract/index.ts';
import type { CaseId, EvidenceId, IncidentId, PersonId } from '#shared/model/ids.ts';
import type { Client } from '../client.ts';
import type { EvidenceFile } from './evidence-files.ts';
import type { ExampleCase, ExampleIncident } from './example-case.ts';
import {
  ACT_CODES,
  ACTOR_KINDS,
  DEGREES,
  happenedOf,
  HARM_CODES,
  KNOWLEDGE_CODES,
  STATE_CODES,
} from './field-words.ts';
import { loadConsents, loadPeople, type Ids } from './load-people.ts';

export interface LoadedCase {
  readonly id: CaseId;
  readonly code: string;
  readonly people: Ids;
  readonly incidents: ReadonlyMap<string, IncidentId>;
  readonly evidence: ReadonlyMap<string, EvidenceId>;
  readonly acts: number;
  readonly consents: number;
}

type Acts = NonNullable<CallInput<'incidents.record'>['acts']>;

const need = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the example names ${String(key)}, which it does not describe`);
  return value;
};

const nameOf = (example: ExampleCase, id: string): string =>
  [...example.personas, ...example.organizaciones, ...example.senalados].find((one) => one.id === id)
    ?.nombre ?? id;

/** `@p-mar` becomes a mention of the person's record. */
const withMentions = (example: ExampleCase, ids: Ids, text: string): string =>
  text.replace(/@((?:p|org|s)-[a-z0-9]+)/gu, (whole, id: string) => {
    const personId = ids.get(id);
    return personId === undefined ? whole : `@[${nameOf(example, id)}](person:${personId})`;
  });

const placeOf = (example: ExampleCase, id: string | undefined): CallInput<'incidents.record'>['place'] => {
  const place = example.lugares.find((one) => one.id === id);
  if (place === undefined) return undefined;
  return {
    stateCode: STATE_CODES[place.entidad] ?? '',
    municipality: place.municipio,
    locality: place.nombre,
    words: place.nombre,
    latitude: place.coordenadas?.[0] ?? null,
    longitude: place.coordenadas?.[1] ?? null,
    precisionMeters: place.precision_m ?? null,
  };
};

const actsOf = (incident: ExampleIncident, ids: Ids): Acts =>
  incident.actos.map((act) => ({
    type: ACT_CODES[act.tipo] ?? 'other',
    subtype: act.subtipo,
    personId: typeof act.victima === 'string' ? need<string, PersonId>(ids, act.victima) : null,
    personWords: typeof act.victima === 'string' ? '' : act.victima.nombre,
    targetKind: act.objetivo === 'familiar' ? 'family' : 'person',
    harms: act.dano.flatMap((harm) => HARM_CODES[harm] ?? []),
    note: act.trato,
    involvements: act.involucrados.map((who) => ({
      personId: who.quien === null ? null : need<string, PersonId>(ids, who.quien),
      words: '',
      kind: ACTOR_KINDS[who.quien ?? ''] ?? 'unidentified',
      degree: DEGREES[who.grado] ?? 'suspected',
      certainty: '',
      collusion: false,
    })),
  }));

const takeEvidence = async (
  client: Client,
  caseId: CaseId,
  files: readonly EvidenceFile[],
  paths: ReadonlyMap<string, string>,
): Promise<Map<string, EvidenceId>> => {
  const taken = new Map<string, EvidenceId>();
  for (const file of files) {
    const { id } = await client.call('evidence.take', {
      source: await client.grantFile(need(paths, file.id)),
      caseId,
      kind: file.kind,
      method: 'handedOver',
      restricted: file.restricted,
    });
    const { version } = await client.call('evidence.get', { id });
    await client.call('evidence.amend', { id, version, changes: { title: file.title } });
    taken.set(file.id, id);
  }
  return taken;
};

/** Documents the whole example in an open vault, by the same calls that the screens make. */
export const loadCase = async (
  client: Client,
  example: ExampleCase,
  files: readonly EvidenceFile[],
  paths: ReadonlyMap<string, string>,
): Promise<LoadedCase> => {
  const { id, code } = await client.call('cases.open', {
    code: example.expediente.id,
    title: example.expediente.titulo_interno,
    state: 'active',
    summary: '',
    openedDay: example.expediente.abierto,
    language: { kind: 'said', words: 'náhuatl' },
    interpreter: 'needed',
    safeChannel: { medium: 'Signal', hours: '20:00-22:00', avoid: 'No llamar a la línea fija.' },
    placeOrigin: 'Piedra Honda de los Encinos, Guerrero',
    placeRefuge: 'Puebla',
  });
  const people = await loadPeople(client, example, id);
  const consents = await loadConsents(client, example, id, people);
  const evidence = await takeEvidence(client, id, files, paths);
  const incidents = new Map<string, IncidentId>();
  for (const incident of example.incidentes) {
    const place = placeOf(example, incident.lugar);
    const recorded = await client.call('incidents.record', {
      caseId: id,
      title: incident.titulo,
      happened: happenedOf(incident),
      ...(place === undefined ? {} : { place }),
      online: incident.en_linea,
      narrative: withMentions(example, people, incident.relato),
      linkToWork: [incident.vinculo_labor, incident.contexto].filter((part) => part !== '').join(' '),
      sources: incident.fuentes.map((source) => ({
        personId: need<string, PersonId>(people, source.quien),
        words: '',
        knowledge: KNOWLEDGE_CODES[source.conocimiento] ?? 'wasTold',
      })),
      verySensitive: incident.muy_sensible || incident.restringido,
      acts: actsOf(incident, people),
      evidence: incident.evidencia.flatMap((key) => evidence.get(key) ?? []),
    });
    incidents.set(incident.id, recorded.id);
  }
  for (const contact of example.contactos) {
    if (contact.resumen === '') continue;
    await client.call('notes.write', {
      caseId: id,
      kind: contact.reservado ? 'privileged' : 'work',
      body: `${contact.fecha} ${contact.clase}: ${contact.resumen}`,
    });
  }
  return {
    id,
    code,
    people,
    incidents,
    evidence,
    acts: example.incidentes.reduce((sum, incident) => sum + incident.actos.length, 0),
    consents,
  };
};
