/**
 * The bytes of whole TTF fonts. A loader gives new buffers for every document: the subset that ends up in a
 * file is then made from that document's redacted text alone, and a face that was open while an earlier,
 * fuller text was laid out can leave no letter behind.
 */
export interface FilingFonts {
  readonly regular: Uint8Array;
  readonly semibold: Uint8Array;
  readonly italic: Uint8Array;
  /** Wide coverage, for letters that the text face lacks (ẍ, ꞌ), upright and bold. */
  readonly fallback: Uint8Array;
  readonly fallbackBold: Uint8Array;
}
export type LoadFonts = () => FilingFonts;
