import { PHONE_LIMITS, type PhoneFile, type PhoneFound, type PhoneKind } from '#shared/parser/phone.ts';
import type { ParserAnswer, ParserSession } from '#shared/parser/jobs.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { indicatorsOf, type IndicatorSet } from '#shared/surveillance/indicator-set.ts';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';

export const HEAD_BYTES = 512;

/** What one reading gave. */
export interface PhoneReading {
  readonly container: 'file' | 'tar' | 'zip';
  readonly files: readonly PhoneFile[];
  readonly found: readonly PhoneFound[];
  readonly records: number;
  /** The lists in which findings name indicators by place. */
  readonly indicators: readonly Indicator[];
  readonly mvtIndicators: readonly Indicator[];
}

/** What is read. `sizeBytes`: of everything that will be fed. */
export interface PhoneResults {
  readonly kind: PhoneKind;
  readonly name: string;
  readonly sizeBytes: number;
}

/** Parts of the results that are needed before the first piece: an archive keeps its directory at its end. */
export interface PhoneAhead {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly tail: Uint8Array<ArrayBuffer>;
  part(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

const bare = ({ value, type, collection, set, state }: Indicator) => ({
  value,
  type,
  collection,
  set,
  ...(state === undefined ? {} : { state }),
});

/**
 * One reading of results in a parser process of its own, fed piece by piece. The parser holds no key and sees nothing
 * but these bytes and the sets, which are public; it names indicators by their place in the lists that it was given, so
 * it cannot invent one. Only findings come back: memory does not grow with the size of the results.
 */
export class PhoneSession {
  readonly #call: OpenCall & { readonly task: TaskHandle };
  readonly #parser: ParserSession;
  readonly #indicators: readonly Indicator[];
  readonly #mvtIndicators: readonly Indicator[];
  readonly #files: PhoneFile[] = [];
  readonly #found: PhoneFound[] = [];
  #container: PhoneReading['container'] = 'file';
  #records = 0;

  private constructor(
    call: OpenCall & { readonly task: TaskHandle },
    parser: ParserSession,
    sets: readonly IndicatorSet[],
  ) {
    const { indicators, mvtIndicators } = indicatorsOf(sets);
    this.#call = call;
    this.#parser = parser;
    this.#indicators = indicators;
    this.#mvtIndicators = mvtIndicators;
  }

  /**
   * Starts a process for one reading. Whoever gets it calls `close` at the end, whatever happens.
   *
   * @throws AppError `parser.*`, `call.cancelled`
   */
  static async start(
    call: OpenCall & { readonly task: TaskHandle },
    sets: readonly IndicatorSet[],
  ): Promise<PhoneSession> {
    return new PhoneSession(call, await call.core.parser.session(), sets);
  }

  /** Tells the parser what comes. Throws as `start`. */
  async open({ kind, name, sizeBytes }: PhoneResults, ahead: PhoneAhead): Promise<void> {
    const { clock } = this.#call.core.ports;
    const options = { signal: this.#call.task.signal };
    const opened = await this.#parser.run(
      'phone.open',
      {
        kind,
        name: name.slice(0, 1_000),
        today: localDay(clock.now(), clock.zone()),
        sizeBytes,
        head: ahead.head.subarray(0, HEAD_BYTES),
        tail: ahead.tail.subarray(-PHONE_LIMITS.tailBytes),
        indicators: this.#indicators.map(bare),
        mvtIndicators: this.#mvtIndicators.map(bare),
      },
      options,
    );
    this.#container = opened.container;
    if (opened.wants !== null) {
      const bytes = await ahead.part(opened.wants.start, opened.wants.end);
      await this.#parser.run('phone.directory', { bytes }, options);
    }
  }

  /** Feeds the next piece, which must stay as it is until this returns. Throws as `start`. */
  async feed(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#keep(await this.#run(bytes));
  }

  /** Ends a pass over the bytes. True: the same bytes have to be fed once more, and ended again. */
  async end(): Promise<boolean> {
    const end = await this.#parser.run('phone.end', {}, { signal: this.#call.task.signal });
    await this.#keep(end);
    return end.again;
  }

  #run(bytes: Uint8Array<ArrayBuffer>): Promise<ParserAnswer<'phone.feed'>> {
    return this.#parser.run('phone.feed', { bytes }, { signal: this.#call.task.signal });
  }

  async #keep(answer: ParserAnswer<'phone.feed'>): Promise<void> {
    for (let next = answer; ; next = await this.#run(new Uint8Array(0))) {
      this.#files.push(...next.files);
      this.#found.push(...next.found);
      this.#records += next.records;
      if (!next.more) return;
    }
  }

  get reading(): PhoneReading {
    return {
      container: this.#container,
      files: this.#files,
      found: this.#found,
      records: this.#records,
      indicators: this.#indicators,
      mvtIndicators: this.#mvtIndicators,
    };
  }

  /** Ends the process. */
  close(): void {
    this.#parser.end();
  }
}
