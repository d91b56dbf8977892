import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import type { ConsentFinding } from '#shared/contract/exports.ts';
import type { CaseMaterial, MaterialPerson } from './case-material.ts';
import type { ExportSettings } from './export-repo.ts';
import type { RecipientProfile } from './profiles.ts';
import { initialsOf, isCommonName, isCommonWord, parsePoint } from './redaction/index.ts';
import type { KnownPoint, KnownValue, ValueKind } from './redaction/index.ts';

/** What must not stand in one export, and what may. */
export interface Withheld {
  readonly values: readonly KnownValue[];
  readonly points: readonly KnownPoint[];
  readonly initials: ReadonlyMap<string, string>;
  /** Names that this export prints. */
  readonly allowedNames: readonly string[];
  /** Places that the profile prints, and names that a person chose to print in this export. */
  readonly allowedPlaces: readonly string[];
}

const CONTACTS: Readonly<Record<string, ValueKind>> = {
  phone: 'phone',
  email: 'email',
  handle: 'handle',
  address: 'address',
  other: 'text',
};
const IDENTIFIERS: Readonly<Record<string, ValueKind>> = {
  curp: 'curp',
  rfc: 'rfc',
  voterCard: 'ine',
  plate: 'plate',
  fileNumber: 'fileNumber',
  bankAccount: 'clabe',
  other: 'fileNumber',
};

/** Reference of a person in values and mentions. */
export const personRef = (id: string): string => `person:${id}`;

const nameKind = (entry: MaterialPerson): ValueKind =>
  entry.person.kind === 'individual' || entry.person.kind === 'family' ? 'name' : 'organisation';

/** Words that only say what somebody is (`Coordinación`) name nobody. */
const namesSomebody = (text: string): boolean =>
  foldWords(text).some((word) => !isCommonWord(word) || isCommonName(word));

const personValues = (entry: MaterialPerson, printsName: boolean): KnownValue[] => {
  const { person } = entry;
  const ref = personRef(person.id);
  const values: KnownValue[] = [];
  const add = (kind: ValueKind, text: string): void => void values.push({ ref, kind, text });
  if (!printsName && person.kind !== 'unidentified') {
    add(nameKind(entry), person.name);
    for (const alias of person.aliases) add('alias', alias);
    if (person.inOwnWords.age.kind === 'said') add('age', person.inOwnWords.age.words);
  }
  // A legal name that differs is never printed, whoever agreed to what.
  if (person.legalName !== '' && compactKey(person.legalName) !== compactKey(person.name)) {
    add('name', person.legalName);
  }
  for (const contact of person.contacts) add(CONTACTS[contact.kind] ?? 'text', contact.value);
  for (const identifier of person.identifiers)
    add(IDENTIFIERS[identifier.kind] ?? 'fileNumber', identifier.value);
  return values;
};

/** Everything that a person is known by: names, aliases, contacts, identifiers. For searching text for her. */
export const knownValuesOf = (person: MaterialPerson['person']): KnownValue[] =>
  personValues({ person, roles: [], reserved: false }, false).filter(
    (value) => value.kind !== 'age' && compactKey(value.text).length >= 3,
  );

/** Municipalities that the heads of the facts print. */
export const printedPlaces = (material: CaseMaterial, profile: RecipientProfile): string[] =>
  profile.placePrecision === 'state'
    ? []
    : [...new Set(material.allIncidents.map(({ place }) => place.municipality))].filter(
        (name) => name !== '',
      );

/** Places finer than the profile shows; the refuge and coordinates always. */
export const placeValues = (
  material: CaseMaterial,
  profile: RecipientProfile,
): { values: KnownValue[]; points: KnownPoint[] } => {
  const values: KnownValue[] = [];
  const points: KnownPoint[] = [];
  const shown = new Set(printedPlaces(material, profile).map(compactKey));
  const add = (text: string): void => {
    // The head town bears the name of its municipality, which is printed.
    if (text.trim() !== '' && !shown.has(compactKey(text)))
      values.push({ ref: 'place', kind: 'place', text });
  };
  if (material.case.placeRefuge !== '') add(material.case.placeRefuge);
  if (profile.placePrecision !== 'locality') add(material.case.placeOrigin);
  for (const { place } of material.allIncidents) {
    if (profile.placePrecision !== 'locality') {
      add(place.locality);
      add(place.words);
    }
    if (profile.placePrecision === 'state') add(place.municipality);
    if (place.latitude !== null && place.longitude !== null) {
      points.push({ ref: 'place', latitude: place.latitude, longitude: place.longitude });
    }
  }
  // Where a photograph was taken is a place of the case, whether or not an incident says so.
  for (const fact of material.evidence.flatMap((item) => item.facts)) {
    const point = /gps|position|latitud|ubicaci/i.test(fact.name) ? parsePoint(fact.value) : null;
    if (point !== null) points.push({ ref: 'evidence', ...point });
  }
  return { values, points };
};

/** Camera and messenger names (`IMG_20250527_071233`) identify a file; other words in a name are searched anyway. */
const fileNames = (material: CaseMaterial): KnownValue[] =>
  material.evidence
    .map((item) => item.originalName.replace(/\.[^.]*$/, ''))
    .filter((stem) => (stem.match(/\d/g) ?? []).length >= 6)
    .map((text) => ({ ref: 'evidence', kind: 'fileNumber', text }));

/** The number of a camera or telephone joins every picture that it ever took. */
const deviceNumbers = (material: CaseMaterial): KnownValue[] =>
  material.evidence
    .flatMap((item) => item.facts)
    .filter((fact) => /serial|imei|uniqueid/i.test(fact.name.replace(/\s/g, '')))
    .map((fact) => ({ ref: 'evidence', kind: 'fileNumber', text: fact.value }));

/** Everything withheld from the text of an export, by how each person appears in it. */
export const withheldValues = (
  material: CaseMaterial,
  findings: readonly ConsentFinding[],
  profile: RecipientProfile,
): Withheld => {
  const treatment = new Map<string, ConsentFinding['treatment']>(
    findings.map((finding) => [finding.personId, finding.treatment]),
  );
  const printed = (entry: MaterialPerson): boolean => treatment.get(entry.person.id) === 'name';
  const allowedNames = material.persons
    .filter(printed)
    .flatMap(({ person }) => [person.name, ...person.aliases]);
  const chosen = new Set<string>(
    findings.filter((finding) => finding.chosen).map((finding) => finding.personId),
  );
  const allowedPlaces = [
    ...printedPlaces(material, profile),
    ...material.persons
      .filter((entry) => printed(entry) && chosen.has(entry.person.id))
      .map(({ person }) => person.name),
  ];
  const allowedKeys = new Set(allowedNames.map(compactKey));
  const places = placeValues(material, profile);
  const all: KnownValue[] = [
    ...material.persons.flatMap((entry) => personValues(entry, printed(entry))),
    ...places.values,
    { ref: 'case', kind: 'fileNumber', text: material.case.code },
    ...fileNames(material),
    ...deviceNumbers(material),
    ...material.deviceIdentifiers.map((text): KnownValue => ({ ref: 'device', kind: 'fileNumber', text })),
    ...material.deviceWords
      .filter((text) => namesSomebody(text) && !allowedKeys.has(compactKey(text)))
      .map((text): KnownValue => ({ ref: 'device', kind: 'name', text })),
    ...material.staff
      .filter((name) => namesSomebody(name) && !allowedKeys.has(compactKey(name)))
      .map((text): KnownValue => ({ ref: 'staff', kind: 'name', text })),
  ];
  const values = all.filter((value) => compactKey(value.text).length >= 3);
  const initials = new Map<string, string>();
  for (const entry of material.persons) {
    if (printed(entry) || nameKind(entry) !== 'name') continue;
    const letters = initialsOf(entry.person.name);
    if (letters !== null) initials.set(letters, personRef(entry.person.id));
  }
  return { values, points: places.points, initials, allowedNames, allowedPlaces };
};

/** What the finished bytes are searched for besides: hashes of originals that stay, names of this computer. */
export const machineValues = (
  material: CaseMaterial,
  settings: ExportSettings,
  localNames: readonly string[],
): KnownValue[] => {
  const values: KnownValue[] = [];
  for (const item of material.evidence) {
    if (settings.annexes[item.id]?.treatment !== 'whole') {
      values.push({ ref: 'evidence', kind: 'hash', text: item.sha256.toString('hex') });
    }
  }
  for (const name of localNames) {
    const key = compactKey(name);
    // A short or ordinary name (`root`, `pc`) stands in every file and would say nothing.
    if (key.length < 6 || isCommonWord(key)) continue;
    values.push({
      ref: 'computer',
      kind: /[\\/]/.test(name) && key.length >= 8 ? 'path' : 'localName',
      text: name,
    });
  }
  return values;
};
