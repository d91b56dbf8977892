import { expect, it } from 'vitest';
import { recipientLabel } from './words.ts';

it('a delivery to nobody by name is told by the name of its profile, and a name as it was typed', () => {
  expect(recipientLabel('es', 'public')).toBe('Informe público');
  expect(recipientLabel('en', 'public')).not.toBe('public');
  expect(recipientLabel('es', 'Ventanilla 3')).toBe('Ventanilla 3');
  expect(recipientLabel('es', 'constructor')).toBe('constructor');
});
