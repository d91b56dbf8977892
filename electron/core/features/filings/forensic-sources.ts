/** Sections whose content comes from devices and examinations. */
export const FORENSIC_SOURCES = [
  'forensicCaution',
  'forensicDevices',
  'forensicSets',
  'forensicFindings',
  'forensicCustody',
  'forensicLimits',
  /** All that a filing says of digital evidence in one section: what people have judged, and nothing observed. */
  'forensicJudged',
] as const;
export type ForensicSource = (typeof FORENSIC_SOURCES)[number];
