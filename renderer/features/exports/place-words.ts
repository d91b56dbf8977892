import type { TFunction } from 'i18next';

/** Places as the decoders name them, where people have a word for it; file parts and keys stay as they are. */
const PLACE = /^(page|line|object|byte|text|file)(?: (\d+))?(.*)$/u;

/** `page 3 ocr` as `página 3 · texto reconocido`; anything without words of its own unchanged. */
export function placeWords(t: TFunction<'exports'>, where: string): string {
  const match = PLACE.exec(where);
  if (match === null) return where;
  const [, kind = '', number = '', rest = ''] = match;
  const at = { number };
  const tail = rest.trim() === 'ocr' ? ` · ${t('place.ocr')}` : rest;
  switch (kind) {
    case 'page':
      return t('place.page', at).trim() + tail;
    case 'line':
      return t('place.line', at).trim() + tail;
    case 'object':
      return t('place.object', at).trim() + tail;
    case 'byte':
      return t('place.byte', at).trim() + tail;
    case 'text':
      return t('place.text') + tail;
    default:
      return t('place.file') + tail;
  }
}
