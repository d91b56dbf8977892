/** The parts of the place for digital surveillance, in their order. */
export const SURVEILLANCE_TABS = [
  'overview',
  'devices',
  'examinations',
  'findings',
  'messages',
  'attacks',
  'notifications',
  'sets',
] as const;
export type SurveillanceTab = (typeof SURVEILLANCE_TABS)[number];
