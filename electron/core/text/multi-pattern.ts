export { multiPattern, type MultiPattern } from '../../matching/multi-pattern.ts';
