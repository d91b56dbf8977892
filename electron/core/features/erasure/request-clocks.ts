import type { requestClockSchema } from '#shared/contract/erasure.ts';
import { addDays, weekdayOf } from '#shared/rules/calendar-days.ts';
import rules from '#resources/data-rights/rules.json' with { type: 'json' };
import { z } from 'zod';

const rulesSchema = z
  .object({
    version: z.number().int(),
    validFrom: z.iso.date(),
    rules: z.array(
      z
        .object({
          id: z.string(),
          step: z.enum(['answer', 'carryOut', 'complain']),
          trigger: z.enum(['receivedOn', 'answeredOn']),
          amount: z.number().int().positive(),
          extendable: z.boolean(),
          article: z.string(),
          source: z.string(),
          verified: z.boolean(),
        })
        .strict(),
    ),
  })
  .strict();
const { rules: RULES } = rulesSchema.parse(rules);

/** Days to complain to the authority, for the letters. */
export const COMPLAIN_DAYS = RULES.find((rule) => rule.step === 'complain')?.amount ?? 0;

/** The day `amount` working days later: Saturdays and Sundays do not count; holidays, which vary, do. */
const addWorkingDays = (day: string, amount: number): string => {
  let at = day;
  for (let left = amount; left > 0;) {
    at = addDays(at, 1);
    if (weekdayOf(at) <= 5) left -= 1;
  }
  return at;
};

const daysLate = (due: string, day: string): number =>
  Math.max(0, Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${due}T00:00:00Z`)) / 86_400_000));

/** What has been noted of a request. Days are `YYYY-MM-DD`. */
export interface RequestDays {
  readonly receivedOn: string;
  readonly answeredOn: string | null;
  readonly carriedOutOn: string | null;
  readonly extended: boolean;
}

/**
 * The time limits of a request, two ways: counting every day is what we keep to, counting working days is what the law
 * is read to allow. A limit of days ends at the end of that day.
 *
 * @param today `YYYY-MM-DD` here.
 */
export const clocksOf = (request: RequestDays, today: string): z.output<typeof requestClockSchema>[] =>
  RULES.map((rule) => {
    const from = request[rule.trigger];
    const amount = rule.extendable && request.extended ? rule.amount * 2 : rule.amount;
    const done =
      rule.step === 'answer' ? request.answeredOn : rule.step === 'carryOut' ? request.carriedOutOn : null;
    const strictDay = from === null ? null : addDays(from, amount);
    // Her own time to complain is no duty of ours and is never late.
    const late = strictDay === null || rule.step === 'complain' ? 0 : daysLate(strictDay, done ?? today);
    return {
      ruleId: rule.id,
      step: rule.step,
      strictDay,
      lenientDay: from === null ? null : addWorkingDays(from, amount),
      doneDay: done,
      lateDays: late,
      article: rule.article,
      verified: rule.verified,
    };
  });
