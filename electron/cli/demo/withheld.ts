/* What the fictional people asked to keep back, and what must never leave whatever they say. */

const ALWAYS = [
  'Rosario Guerrero Luna',
  'Rosario_Guerrero',
  'Isidro Campos Paz',
  'Laura Nopaltzin',
  'calle Tejocote 14',
  '000 555 01 27',
  '000 555 01 88',
  '17.4321',
  '99.8765',
  'XOOM900101MGRCLR00',
  'mari.encino@correo.example',
  'pablo@centro-ocote.example',
  'dalia@centro-ocote.example',
  'Pablo Zurita',
  '203.0.113.77',
  'CZ7-0042-FICT',
  'EXP-2025-014',
  'Relato íntimo',
  'IMG_20250527',
] as const;

/** For a body that passes on what it gets to the State: also those who said no to that. */
export const WITHHELD_FROM_STATE_BODIES: readonly string[] = [...ALWAYS, 'Yaretzi'];

/** For everybody: also the beneficiaries, their community and their file at the Mechanism. */
export const WITHHELD_FROM_PUBLIC: readonly string[] = [
  ...WITHHELD_FROM_STATE_BODIES,
  'Maricela',
  'Marisela',
  'Xochimitl',
  'don Beni',
  'Benigno Axolco',
  'Ausencia Olmedo',
  'Lautaro',
  'Nopaltzin',
  'Piedra Honda',
  'Villa Encinares',
  '@vozdelencino',
  'MEC-FICTICIO-0417/2025',
];
