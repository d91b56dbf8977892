import { parse } from 'yaml';
import { z } from 'zod';

/*
 * The fictional case in resources/example-case, as far as the demo uses it. The file is written in the words of
 * the people who do this work; `field-words.ts` maps them to the codes of the contract.
 */

const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);
const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const person = z.object({
  id: z.string(),
  nombre: z.string(),
  alias: list(z.string()),
  telefonos: list(z.string()),
  correos: list(z.string()),
  cuentas: list(z.string()),
  curp_ficticia: z.string().optional(),
  nombre_legal: z.string().optional(),
  pronombre: z.string().optional(),
  labor: z.string().default(''),
  edad: z.number().optional(),
  genero_palabras_propias: z.string().optional(),
  pueblo: z.string().optional(),
  lengua: z.object({ nombre: z.string(), interprete: z.string().optional() }).optional(),
  menor: z.boolean().default(false),
  relacion: z.string().default(''),
  rol: oneOrMore.default([]),
  nota: z.string().default(''),
  clase: z.string().optional(),
  numero_personas: z.number().optional(),
});

const accused = z.object({
  id: z.string(),
  nombre: z.string(),
  cargo: z.string().default(''),
  institucion: z.string().default(''),
  nivel: z.string().default(''),
  clase: z.string().optional(),
  certeza: z.string().default(''),
  colusion: z.string().optional(),
});

const involvement = z.object({ quien: z.string().nullable(), grado: z.string().default('sospecha') });
const victim = z.union([z.string(), z.object({ nombre: z.string() }).loose()]);
const act = z.object({
  tipo: z.string(),
  subtipo: z.string().default(''),
  victima: victim,
  objetivo: z.string().optional(),
  dano: list(z.string()),
  trato: z.string().default(''),
  involucrados: list(involvement),
});

const when = z.union([
  z.string(),
  z.object({ desde: z.string(), hasta: z.string(), base: z.string().optional() }),
]);
const incident = z.object({
  id: z.string(),
  fecha: when,
  hora: z.string().optional(),
  lugar: z.string().optional(),
  en_linea: z.boolean().default(false),
  titulo: z.string(),
  relato: z.string(),
  restringido: z.boolean().default(false),
  muy_sensible: z.boolean().default(false),
  vinculo_labor: z.string().default(''),
  contexto: z.string().default(''),
  fuentes: list(z.object({ quien: z.string(), conocimiento: z.string() })),
  actos: list(act),
  evidencia: list(z.string()),
});

const consent = z.object({
  persona: z.string(),
  destinatario: z.string(),
  forma: z.string(),
  fecha: z.string(),
  al_organismo: z.boolean().default(false),
  al_estado: z.boolean().default(false),
  publico: z.boolean().default(false),
  vence: z.string().optional(),
  retirado: z.string().optional(),
  motivo: z.string().default(''),
  condicion: z.string().default(''),
  nota: z.string().default(''),
});

const exampleCaseSchema = z.object({
  ficticio: z.literal(true),
  lugares: z.array(
    z.object({
      id: z.string(),
      nombre: z.string(),
      municipio: z.string().default(''),
      entidad: z.string(),
      coordenadas: z.tuple([z.number(), z.number()]).optional(),
      precision_m: z.number().optional(),
    }),
  ),
  organizaciones: z.array(
    z.object({
      id: z.string(),
      nombre: z.string(),
      clase: z.string(),
      integrantes: z.number().optional(),
      personas: z.number().optional(),
      nota: z.string().default(''),
    }),
  ),
  organizacion_usuaria: z.object({
    nombre: z.string(),
    equipo: z.array(z.object({ id: z.string(), nombre: z.string(), correo: z.string() }).loose()),
  }),
  personas: z.array(person),
  senalados: z.array(accused),
  expediente: z.object({
    id: z.string(),
    titulo_interno: z.string(),
    abierto: z.string(),
    beneficiarias: z.array(z.string()),
  }),
  incidentes: z.array(incident),
  consentimientos: z.array(consent),
  mecanismo: z.object({ folio: z.string() }),
  contactos: z.array(
    z.object({
      fecha: z.string(),
      clase: z.string(),
      con: z.string(),
      resumen: z.string().default(''),
      reservado: z.boolean().default(false),
    }),
  ),
});

export type ExampleCase = z.infer<typeof exampleCaseSchema>;
export type ExamplePerson = ExampleCase['personas'][number];
export type ExampleIncident = ExampleCase['incidentes'][number];
export type ExampleConsent = ExampleCase['consentimientos'][number];

/** Reads the case from the text of its YAML file. Throws where the file is not what the demo expects. */
export const readExampleCase = (text: string): ExampleCase => exampleCaseSchema.parse(parse(text));
