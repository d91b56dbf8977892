import sharp from 'sharp';

/** A drawing as pixels: no real person, place or device is in it. */
const drawing = (width: number, height: number, body: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, sans-serif">${body}</svg>`,
  );

const DOOR = drawing(
  1600,
  1200,
  `<rect width="1600" height="1200" fill="#b9a88a"/><rect x="560" y="240" width="440" height="860" fill="#5c4630"/>
   <path d="M560 640 L640 560 L600 700 L690 660 L610 820 L560 780 Z" fill="#20160c"/>
   <circle cx="930" cy="680" r="26" fill="#c9a227"/><rect y="1100" width="1600" height="100" fill="#8d7b5e"/>`,
);

/** Degrees as EXIF writes them: three fractions. */
const degrees = (value: number): string => {
  const whole = Math.floor(Math.abs(value));
  const minutes = (Math.abs(value) - whole) * 60;
  const seconds = Math.round((minutes - Math.floor(minutes)) * 60 * 100);
  return `${whole}/1 ${Math.floor(minutes)}/1 ${seconds}/100`;
};

export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** A photograph as telephones make them: position, camera, serial number and time in its EXIF. */
export const photograph = (place: Coordinates, takenAt: string): Promise<Buffer> =>
  sharp(DOOR)
    .jpeg({ quality: 88 })
    .withExif({
      IFD0: {
        Make: 'Cenzontle',
        Model: 'CZ-7 ficticio',
        Software: 'Camara 4.2',
        Artist: 'Lautaro Nopaltzin Vera',
      },
      IFD2: { DateTimeOriginal: takenAt, BodySerialNumber: 'CZ7-0042-FICT' },
      IFD3: {
        GPSLatitudeRef: place.latitude < 0 ? 'S' : 'N',
        GPSLatitude: degrees(place.latitude),
        GPSLongitudeRef: place.longitude < 0 ? 'W' : 'E',
        GPSLongitude: degrees(place.longitude),
      },
    })
    .toBuffer();

const line = (x: number, y: number, size: number, text: string, fill = '#202020'): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${text}</text>`;

/** A screenshot of a text message, with somebody else's notification at its top. */
export const screenshot = (message: {
  from: string;
  lines: readonly string[];
  notice: string;
}): Promise<Buffer> =>
  sharp(
    drawing(
      1080,
      1600,
      `<rect width="1080" height="1600" fill="#f4f4f4"/><rect width="1080" height="150" fill="#dfe7ef"/>
       ${line(40, 95, 40, message.notice)}${line(40, 250, 52, message.from)}
       <rect x="40" y="320" width="960" height="${80 + message.lines.length * 60}" rx="24" fill="#ffffff"/>
       ${message.lines.map((text, index) => line(80, 390 + index * 60, 38, text)).join('')}`,
    ),
  )
    .png()
    .withExif({ IFD0: { Software: 'Pantalla 2.1', ImageDescription: message.notice } })
    .toBuffer();

/** Rows of handwriting-like names on a page, as a scanner gives them. */
export const scannedPage = (names: readonly string[]): Promise<Buffer> =>
  sharp(
    drawing(
      1240,
      1754,
      `<rect width="1240" height="1754" fill="#fbfaf6"/>${line(120, 140, 40, 'Lista de firmas')}
       ${names.map((name, row) => line(140, 240 + row * 64, 32, name, '#2b3a67')).join('')}`,
    ),
  )
    .jpeg({ quality: 70 })
    .toBuffer();
