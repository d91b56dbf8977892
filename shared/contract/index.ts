import type { z } from 'zod';
import { access } from './access.ts';
import { backup } from './backup.ts';
import { approvals } from './approvals.ts';
import { cases } from './cases.ts';
import { certificates } from './certificates.ts';
import { clock } from './clock.ts';
import { consents } from './consents.ts';
import { dump } from './dump.ts';
import { erasure } from './erasure.ts';
import { evidence } from './evidence.ts';
import { exports } from './exports.ts';
import { imports } from './imports.ts';
import { incidents } from './incidents.ts';
import { notes } from './notes.ts';
import { persons } from './persons.ts';
import { rotation } from './rotation.ts';
import { safeguard } from './safeguard.ts';
import { search } from './search.ts';
import { slots } from './slots.ts';
import { surveillance } from './surveillance.ts';
import { timeline } from './timeline.ts';
import { vault } from './vault.ts';
import { work } from './work.ts';

/** Every call that the core answers: declared once, both sides are generated from it. */
export const contract = {
  ...vault,
  ...slots,
  ...cases,
  ...persons,
  ...imports,
  ...incidents,
  ...consents,
  ...notes,
  ...evidence,
  ...search,
  ...work,
  ...exports,
  ...approvals,
  ...erasure,
  ...dump,
  ...rotation,
  ...access,
  ...clock,
  ...backup,
  ...surveillance,
  ...timeline,
  ...certificates,
  ...safeguard,
} as const;

export type Contract = typeof contract;
export type MethodName = keyof Contract;
/** What a caller hands in (before defaults are filled). */
export type CallInput<M extends MethodName> = z.input<Contract[M]['input']>;
/** What a handler gets (defaults filled). */
export type HandlerInput<M extends MethodName> = z.output<Contract[M]['input']>;
/** What a handler gives and a caller receives. */
export type CallOutput<M extends MethodName> = z.output<Contract[M]['output']>;

export const METHOD_NAMES = Object.keys(contract) as readonly MethodName[];
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(contract, name);
