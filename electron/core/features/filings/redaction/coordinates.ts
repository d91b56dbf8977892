/** A point that must not be found, in degrees. */
export interface KnownPoint {
  readonly ref: string;
  readonly latitude: number;
  readonly longitude: number;
}

export interface CoordinateMatch {
  readonly ref: string;
  readonly start: number;
  readonly end: number;
  /** Three or more decimals, or seconds: about a hundred metres. Two decimals may be any number. */
  readonly precise: boolean;
}

const DECIMAL = /(?<![\d.,])[-+]?(\d{1,3})[.,](\d{2,12})(?![\d])/g;
const SEXAGESIMAL =
  /(\d{1,3})\s*(?:°|º|deg|d|grados)\s*(\d{1,2})\s*(?:'|’|′|m|min)?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|”|″|''|s)?)?/gi;

/** `17.4321, -99.8765` or `[17.4321, -99.8765]` as numbers; null where it is no pair. */
export const parsePoint = (text: string): { latitude: number; longitude: number } | null => {
  const numbers = text.match(/[-+]?\d{1,3}(?:\.\d+)?/g)?.map(Number) ?? [];
  const [latitude, longitude] = numbers;
  if (numbers.length !== 2 || latitude === undefined || longitude === undefined) return null;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
};

/**
 * Numbers in a text that name one of the points, at any precision from two decimals up, with either sign,
 * as decimals or degrees, minutes and seconds. Offsets are of the given text.
 */
export const findCoordinates = (text: string, points: readonly KnownPoint[]): CoordinateMatch[] => {
  if (points.length === 0) return [];
  const found: CoordinateMatch[] = [];
  const look = (value: number, tolerance: number, start: number, end: number, precise: boolean): void => {
    for (const point of points) {
      for (const axis of [point.latitude, point.longitude]) {
        if (Math.abs(Math.abs(axis) - value) <= tolerance)
          found.push({ ref: point.ref, start, end, precise });
      }
    }
  };
  for (const match of text.matchAll(DECIMAL)) {
    const decimals = match[2]?.length ?? 0;
    const value = Number(`${match[1] ?? ''}.${match[2] ?? ''}`);
    look(
      value,
      Math.max(0.0006, 1.001 * 10 ** -decimals),
      match.index,
      match.index + match[0].length,
      decimals >= 3,
    );
  }
  for (const match of text.matchAll(SEXAGESIMAL)) {
    const seconds = match[3] === undefined ? null : Number(match[3].replace(',', '.'));
    const value = Number(match[1]) + Number(match[2]) / 60 + (seconds ?? 0) / 3600;
    look(
      value,
      seconds === null ? 1 / 60 : 1.5 / 3600,
      match.index,
      match.index + match[0].length,
      seconds !== null,
    );
  }
  return found;
};
