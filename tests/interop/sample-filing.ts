import type { Block, FilingDocument, Run } from '#shared/model/filing-document.ts';

/** A fictional filing with every kind of block. All names, places and numbers are invented. */
const t = (text: string): Run => ({ kind: 'text', text });
const who = (text: string): Run => ({ kind: 'pseudonym', text });
const gone: Run = { kind: 'withheld', text: '[dato reservado]' };

const fact = (number: number, runs: Run[], annexes: number[]): Block => ({
  kind: 'fact',
  number,
  runs,
  sources: annexes.map((annex) => ({ annex })),
});

const facts: Block[] = [
  fact(
    1,
    [
      { kind: 'strong', text: '12 de noviembre de 2026.' },
      t(' Alrededor de las 23:40, un vehículo sin placas se detuvo frente a la radio, en '),
      gone,
      t('. Dos hombres armados preguntaron por '),
      who('Persona defensora A'),
      t('. Lo observó '),
      who('Testigo 1'),
      t(', quien refiere que permanecieron ahí cerca de veinte minutos y que fotografiaron la entrada.'),
    ],
    [1, 2],
  ),
  fact(
    2,
    [
      { kind: 'strong', text: '20 de noviembre de 2026.' },
      t(' '),
      who('Persona defensora A'),
      t(' recibió una llamada desde '),
      gone,
      t(
        ' con una amenaza de muerte. Oprimió el botón de asistencia; consta en la tabla de cumplimiento que no hubo respuesta en 40 minutos.',
      ),
    ],
    [5],
  ),
  fact(
    3,
    [
      t('La asamblea de Xochiatla, reunida por la comunidad hñähñu y el pueblo ẍojwit, nombró a '),
      who('Persona defensora B'),
      t(' como vocera; en el acta consta su palabra: tsaꞌan, kʼin, ɨnä, ŝikä.'),
    ],
    [],
  ),
];

export const sampleFiling: FilingDocument = {
  language: 'es',
  title: 'Solicitud de medidas cautelares',
  basis: 'Artículo 25 del Reglamento de la Comisión Interamericana de Derechos Humanos',
  folio: 'SAL-2026-0041',
  day: '2026-11-22',
  place: 'Ciudad de México',
  addressee: ['Comisión Interamericana de Derechos Humanos', 'Secretaría Ejecutiva', 'Presente'],
  subject: 'Se solicitan medidas cautelares a favor de dos personas defensoras y del colectivo que integran',
  head: [
    { label: 'Promueve', runs: [t('Organización solicitante, por conducto de su representación')] },
    { label: 'Medio para oír y recibir notificaciones', runs: [t('notificaciones@organizacion.example')] },
    { label: 'Estado', runs: [t('México')] },
  ],
  sections: [
    {
      id: 'beneficiaries',
      heading: 'Personas propuestas como beneficiarias',
      reference: 'art. 25.3 y 25.6.b del Reglamento',
      blocks: [
        {
          kind: 'paragraph',
          runs: [
            who('Persona defensora A'),
            t(', mujer indígena, conductora de la radio comunitaria; '),
            who('Persona defensora B'),
            t(
              '; y las demás personas integrantes del colectivo, determinables por su pertenencia a él. Se solicita la reserva de identidad frente al Estado, por las razones que se exponen.',
            ),
          ],
        },
        {
          kind: 'table',
          caption: 'Reserva que se solicita, persona por persona',
          columns: [
            { heading: 'Persona', weight: 2, align: 'start' },
            { heading: 'Frente al Estado', weight: 1.4, align: 'start' },
            { heading: 'Frente al público', weight: 1.4, align: 'start' },
            { heading: 'Razón', weight: 4, align: 'start' },
          ],
          rows: [
            [
              [who('Persona defensora A')],
              [t('Sí')],
              [t('Sí')],
              [t('Vive en el lugar de los hechos y las personas señaladas conocen su rutina.')],
            ],
            [
              [who('Persona defensora B')],
              [t('No')],
              [t('Sí')],
              [t('Su representación ya consta ante la autoridad federal.')],
            ],
          ],
        },
      ],
    },
    {
      id: 'summary',
      heading: 'Resumen',
      blocks: [
        {
          kind: 'paragraph',
          runs: [
            t(
              'En ocho días las agresiones pasaron de la presencia de hombres armados a una amenaza directa de muerte. Las medidas que otorgó el Mecanismo se instalaron con 110 días de retraso y el botón de asistencia no respondió cuando se necesitó. Se pide a la Comisión que solicite al Estado medidas concertadas con las personas beneficiarias.',
            ),
          ],
        },
        { kind: 'quote', runs: [t('Ya sabemos dónde vives. La próxima vez no vamos a preguntar.')] },
      ],
    },
    {
      id: 'facts',
      heading: 'Hechos en orden cronológico',
      reference: 'art. 25.4 del Reglamento',
      blocks: [
        { kind: 'subheading', text: 'Últimos doce meses' },
        ...facts,
        {
          kind: 'table',
          columns: [
            { heading: 'Fecha', weight: 1.5, align: 'start' },
            { heading: 'Hecho', weight: 4, align: 'start' },
            { heading: 'Denuncia', weight: 2, align: 'start' },
            { heading: 'Días', weight: 0.8, align: 'end' },
            { heading: 'Anexo', weight: 1, align: 'start' },
          ],
          rows: Array.from({ length: 34 }, (_, at): Run[][] => [
            [t(`${String((at % 28) + 1)} de ${at % 2 === 0 ? 'marzo' : 'abril'} de 2026`)],
            at % 3 === 0
              ? [
                  t('Patrulla de la corporación señalada se estaciona frente a la radio; dura '),
                  t(String(at + 3)),
                  t(' minutos y no se identifica.'),
                ]
              : [t('Llamada sin voz al teléfono de la radio.')],
            at % 4 === 0 ? [t('Carpeta en trámite')] : [],
            [t(String(at * 3))],
            at % 5 === 0 ? [{ kind: 'annex', numbers: [3, 4] }] : [],
          ]),
        },
      ],
    },
    {
      id: 'gravity',
      heading: 'Gravedad, urgencia e irreparabilidad',
      reference: 'art. 25.2 del Reglamento',
      blocks: [
        {
          kind: 'paragraph',
          runs: [
            t(
              'Las amenazas escalaron en ocho días, de la presencia de hombres armados a una amenaza directa de muerte. ',
            ),
            t('La menor, hija de '),
            who('Persona defensora A'),
            t(', dejó de asistir a la escuela desde el 21 de noviembre. Véase '),
            { kind: 'annex', numbers: [1] },
            t('.'),
          ],
        },
      ],
    },
    {
      id: 'measures',
      heading: 'Medidas que se solicitan',
      blocks: [
        {
          kind: 'list',
          ordered: true,
          items: [
            [
              t(
                'Que el Estado adopte las medidas necesarias para proteger la vida y la integridad de las personas beneficiarias, con enfoque étnico y de género.',
              ),
            ],
            [t('Que las medidas se concierten con ellas y con su representación.')],
            [t('Que la corporación señalada no intervenga en su protección.')],
          ],
        },
        {
          kind: 'list',
          ordered: false,
          items: [
            [t('Enlace directo con una persona designada.')],
            [t('Reunión de seguimiento cada treinta días.')],
          ],
        },
      ],
    },
    {
      id: 'checklist',
      heading: 'Lo que pide el artículo 25',
      blocks: [
        {
          kind: 'checklist',
          items: [
            { state: 'done', runs: [t('Personas identificadas o determinables')], reference: 'art. 25.6.b' },
            {
              state: 'missing',
              runs: [t('Consentimiento expreso o razón de su ausencia: falta una persona')],
              reference: 'art. 25.6.c',
            },
            { state: 'notApplicable', runs: [t('Relación con una petición o caso')] },
          ],
        },
        {
          kind: 'fields',
          items: [{ label: 'Consulta', runs: [t('Los artículos se citan según el Reglamento vigente.')] }],
        },
      ],
    },
  ],
  closing: [
    [t('Bajo protesta de decir verdad.')],
    [t('La firma consta en la hoja de firmas que acompaña a este escrito.')],
  ],
  annexes: [
    {
      number: 1,
      fileName: 'Anexo_01_fotografia.png',
      kind: 'fotografía',
      description: 'Vehículo sin placas frente a la radio',
      bytes: 120_334,
      folder: 'transferable',
    },
    {
      number: 2,
      fileName: 'Anexo_02_testimonio.pdf',
      kind: 'testimonio',
      description: 'Testimonio de quien observó',
      bytes: 88_120,
      folder: 'reserved',
    },
    {
      number: 3,
      fileName: 'Anexo_03_captura.png',
      kind: 'captura',
      description: 'Registro de llamadas',
      bytes: 54_201,
      folder: 'transferable',
    },
    {
      number: 4,
      fileName: 'Anexo_04_oficio.pdf',
      kind: 'oficio',
      description: 'Oficio del Mecanismo',
      bytes: 240_118,
      folder: 'transferable',
    },
    {
      number: 5,
      fileName: 'Anexo_05_tabla_de_cumplimiento.pdf',
      kind: 'tabla',
      description: 'Tabla de cumplimiento de medidas',
      bytes: 61_002,
      folder: 'transferable',
    },
  ],
  signatures: {
    signers: [
      { name: 'Persona defensora A', role: 'Peticionaria', how: 'thumbprint' },
      { role: 'Representante de la organización', how: 'hand' },
      {
        name: 'Persona defensora B',
        role: 'Vocera del colectivo',
        how: 'representative',
        note: 'el colectivo, según acta de asamblea',
      },
      { role: 'Beneficiaria', how: 'later', note: 'incomunicada desde el 20 de noviembre' },
    ],
  },
  receipt: {
    addressee: 'Oficialía de partes de la autoridad',
    sheets: null,
    annexes: 5,
    contact: 'notificaciones@organizacion.example',
  },
};
