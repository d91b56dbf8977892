import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EVIDENCE_KINDS } from '#shared/model/vocabularies.ts';
import { blackBoxes, report, scannedList, trackedMinutes } from './files/documents.ts';
import { chatExport, email, savedPage, tone } from './files/others.ts';
import { photograph, scannedPage, screenshot } from './files/pictures.ts';

/** One file of the example case, and what it hides. */
export interface EvidenceFile {
  readonly id: string;
  readonly name: string;
  /** What a person writes on it: names of files tell too much to be shown to a recipient. */
  readonly title: string;
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  readonly hides: readonly string[];
  readonly restricted: boolean;
  readonly bytes: Buffer;
}

const TITLES: Readonly<Record<string, string>> = {
  'E-01': 'Puerta forzada de la cabina',
  'E-02': 'Testimonio en audio',
  'E-03': 'Denuncia con sello',
  'E-04': 'Captura del mensaje de texto',
  'E-05': 'Conversación del turno de noche',
  'E-06': 'Acta de asamblea',
  'E-08': 'Lista de firmas',
  'E-10': 'Correo de reporte a la plataforma',
  'E-15': 'Informe reservado',
  'E-17': 'Publicación guardada',
};

const COMMUNITY = { latitude: 17.4321, longitude: -99.8765 };

/** Draws and writes up the files of the case: real formats, with the traps that real files have. */
export const makeEvidence = async (): Promise<EvidenceFile[]> => {
  const photo = await photograph(COMMUNITY, '2025:05:27 07:12:33');
  const signers = [
    'Rosario Guerrero Luna',
    'Isidro Campos Paz',
    'Benigno Axolco Prado',
    'Ausencia Olmedo Tlanex',
  ];
  const file = (
    id: string,
    name: string,
    kind: EvidenceFile['kind'],
    bytes: Buffer,
    hides: readonly string[],
    restricted = false,
  ): EvidenceFile => ({ id, name, title: TITLES[id] ?? '', kind, bytes, hides, restricted });
  return [
    file('E-01', 'IMG_20250527_071233.jpg', 'photograph', photo, [
      'GPS',
      'CZ7-0042-FICT',
      'Lautaro Nopaltzin',
    ]),
    file('E-02', 'audio_testimonio_Rosario_Guerrero.wav', 'audio', tone(), ['Rosario Guerrero']),
    file(
      'E-03',
      'denuncia_sellada_TACHADA.pdf',
      'legalDocument',
      await blackBoxes(
        [
          'DENUNCIA. Carpeta FICT/VE/0231/2025, Villa Encinares.',
          'Hechos: la madrugada del 27 de mayo forzaron la puerta de la radio.',
        ],
        ['Testigo: Rosario Guerrero Luna, calle Tejocote 14', 'Teléfono de la denunciante: 000 555 01 27'],
        'pablo@centro-ocote.example',
      ),
      ['Rosario Guerrero Luna', 'calle Tejocote 14', '000 555 01 27', 'pablo@centro-ocote.example'],
    ),
    file(
      'E-04',
      'Screenshot_SMS.png',
      'screenshot',
      await screenshot({
        from: '00029',
        notice: 'Chayo: ya voy para allá',
        lines: [
          'AVISO: presenta un adeudo de $2,430.00.',
          'Evite suspensión, revise aquí:',
          'https://avisos-telcom.example/4821973s/',
        ],
      }),
      ['Chayo'],
    ),
    file(
      'E-05',
      'Chat de WhatsApp con Turno Noche.zip',
      'chatExport',
      await chatExport(
        'Chat de WhatsApp con Turno Noche',
        [
          '3/6/25, 23:31 - Lautaro: hay dos camionetas afuera',
          '3/6/25, 23:32 - +52 000 555 0188: no abran, ya avisé a la ronda',
          '3/6/25, 23:33 - Chayo: desde la loma se ven seis, Mari que no salga',
          '3/6/25, 23:41 - Lautaro: IMG-20250603-WA0004.jpg (archivo adjunto)',
        ],
        photo,
      ),
      ['000 555 0188', 'Chayo'],
    ),
    file(
      'E-06',
      'Acta asamblea 2 feb.docx',
      'document',
      await trackedMinutes({
        author: 'Pablo Zurita Neri',
        kept: 'La asamblea pide la consulta previa por escrito. ',
        deleted: 'Lo propuso Isidro Campos Paz, que trabaja en el Ayuntamiento. ',
        inserted: 'Lo propuso una persona de la comunidad. ',
        comment: 'Quité a Isidro Campos Paz: identidad sellada.',
      }),
      ['Isidro Campos Paz', 'Pablo Zurita Neri'],
    ),
    file(
      'E-08',
      'lista_firmas_escaneada.pdf',
      'scannedDocument',
      await scannedList(await scannedPage(signers), signers),
      signers,
    ),
    file(
      'E-10',
      'reporte_pagina.eml',
      'email',
      email({
        from: 'Dalia Rincón Mota <dalia@centro-ocote.example>',
        to: 'reportes@plataforma.example',
        hidden: 'mari.encino@correo.example',
        subject: 'Reporte de la página Encinares Informa Ya',
        body: 'Publicaron el nombre de la escuela de Yaretzi. Adjunto once capturas.',
      }),
      ['203.0.113.77', 'mari.encino@correo.example', 'Yaretzi'],
    ),
    file(
      'E-15',
      'informe psicosocial.pdf',
      'psychosocialReport',
      await report('Informe psicosocial (reservado)', 'Equipo aliado', [
        'Relato íntimo de Maricela Xochimitl Olmedo. No sale nunca.',
      ]),
      ['Relato íntimo'],
      true,
    ),
    file(
      'E-17',
      'publicacion_2025-08-09.html',
      'webCapture',
      savedPage('Encinares Informa Ya', 'Montaje con la foto de la locutora.', 'dalia@centro-ocote.example'),
      ['dalia@centro-ocote.example'],
    ),
  ];
};

/** Writes the files into a folder, as if they had been gathered there. Gives their paths by id. */
export const writeEvidence = (folder: string, files: readonly EvidenceFile[]): Map<string, string> => {
  mkdirSync(folder, { recursive: true });
  return new Map(
    files.map((file) => {
      const path = join(folder, file.name);
      writeFileSync(path, file.bytes);
      utimesSync(path, new Date('2025-06-05T18:00:00Z'), new Date('2025-06-05T18:00:00Z'));
      return [file.id, path] as const;
    }),
  );
};
