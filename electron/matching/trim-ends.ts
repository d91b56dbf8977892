/**
 * Text without the given characters at its end. A regular expression with `+$` would look at a run of them once
 * for each of its members; what is read here comes from devices that others had in their hands.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '\u0000')) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}
