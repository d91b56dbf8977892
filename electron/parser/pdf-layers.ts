import type * as mupdf from 'mupdf';
import { dig, digName } from './mupdf-open.ts';

/** Tells of a layer (optional content group or membership) whether a reader would see it. */
export interface PdfLayers {
  /** Layers that are switched off or not shown on screen by default. */
  readonly hiddenCount: number;
  isHidden(reference: mupdf.PDFObject): boolean;
}

const objectKey = (object: mupdf.PDFObject): number => (object.isIndirect() ? object.asIndirect() : -1);

const each = (list: mupdf.PDFObject, visit: (item: mupdf.PDFObject) => void): void => {
  if (list.isArray()) list.forEach((item) => visit(item));
};

/**
 * Reads the default configuration of the layers (ISO 32000-1, 8.11.4). When in doubt a layer counts as
 * hidden: what a reader may not have seen must not go out.
 */
export const readLayers = (pdf: mupdf.PDFDocument): PdfLayers => {
  const properties = pdf.getTrailer().get('Root', 'OCProperties');
  const hidden = new Set<number>();
  if (properties.isDictionary()) {
    const config = properties.get('D');
    const baseOff = digName(config, 'BaseState') === 'OFF';
    const offOnScreen = (group: mupdf.PDFObject): boolean =>
      digName(group, 'Usage', 'View', 'ViewState') === 'OFF';
    each(dig(properties, 'OCGs'), (group) => {
      if (baseOff || offOnScreen(group)) hidden.add(objectKey(group));
    });
    each(dig(config, 'ON'), (group) => {
      if (!offOnScreen(group)) hidden.delete(objectKey(group));
    });
    each(dig(config, 'OFF'), (group) => void hidden.add(objectKey(group)));
  }

  const evaluate = (expression: mupdf.PDFObject, depth: number): boolean => {
    if (depth > 16) return false;
    if (!expression.isArray()) return !hidden.has(objectKey(expression));
    const operator = digName(expression, 0);
    const operands: boolean[] = [];
    expression.forEach((item, index) => {
      if (index !== 0) operands.push(evaluate(item, depth + 1));
    });
    if (operator === 'Not') return operands[0] === false;
    return operator === 'Or' ? operands.includes(true) : operator === 'And' && !operands.includes(false);
  };

  return {
    hiddenCount: hidden.size,
    isHidden: (reference) => {
      if (!reference.isDictionary()) return false;
      if (hidden.has(objectKey(reference))) return true;
      if (digName(reference, 'Type') !== 'OCMD') return false;
      if (reference.get('VE').isArray()) return !evaluate(reference.get('VE'), 0);
      const groups = reference.get('OCGs');
      const shown: boolean[] = [];
      if (groups.isArray()) each(groups, (group) => void shown.push(!hidden.has(objectKey(group))));
      else if (groups.isDictionary()) shown.push(!hidden.has(objectKey(groups)));
      if (shown.length === 0) return false;
      const policy = digName(reference, 'P');
      if (policy === 'AllOn') return shown.includes(false);
      if (policy === 'AnyOff') return !shown.includes(false);
      if (policy === 'AllOff') return shown.includes(true);
      return !shown.includes(true);
    },
  };
};
