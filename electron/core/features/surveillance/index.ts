export { Matcher, type Answer } from './matching/matcher.ts';
export { matchModule, type ModuleAnswer, type StrictHit } from './matching/modules/match-module.ts';
export { MODULE_NAMES, UNCHECKED_MODULES, FORMER_NAMES } from './matching/modules/modules.ts';
export type { AlertLevel, ModuleAlert } from './matching/modules/rule.ts';
export { LINK_SHORTENERS, matcherOf } from './matching/matcher-of.ts';
