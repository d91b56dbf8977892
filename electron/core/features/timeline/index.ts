import type { Handlers } from '../../api/handlers.ts';
import { findPatterns, timelineOfCase, timelineOfDevice } from './timeline.ts';

export { patternsIn, timelineIn, type Patterns } from './timeline.ts';

export const timelineHandlers: Handlers<'timeline.ofCase' | 'timeline.ofDevice' | 'timeline.patterns'> = {
  'timeline.ofCase': timelineOfCase,
  'timeline.ofDevice': timelineOfDevice,
  'timeline.patterns': findPatterns,
};
