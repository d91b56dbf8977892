const DAY_MS = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** True when `YYYY-MM-DD` names a day that exists. */
export const isRealDay = (day: string): boolean => {
  const ms = at(day);
  return Number.isFinite(ms) && text(ms) === day;
};

/** The day `amount` days later (or earlier, when negative) than `YYYY-MM-DD`. */
export const addDays = (day: string, amount: number): string => text(at(day) + amount * DAY_MS);

/** The month `amount` months later than `YYYY-MM`. */
export const addMonths = (month: string, amount: number): string => {
  const [y = 0, m = 1] = month.split('-').map(Number);
  const index = y * 12 + (m - 1) + amount;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
};

/** Last day of `YYYY-MM`. */
export const lastDayOfMonth = (month: string): string => addDays(`${addMonths(month, 1)}-01`, -1);

/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: string): number => ((new Date(at(day)).getUTCDay() + 6) % 7) + 1;

/** The Monday of the week of a day; weeks start on Monday. */
export const mondayOf = (day: string): string => addDays(day, 1 - weekdayOf(day));
