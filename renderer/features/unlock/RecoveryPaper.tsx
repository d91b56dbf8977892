import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure } from '#shared/contract/bridge.ts';
import type { Output } from '../../api/contract.ts';
import { unlockHost } from '../../api/bridge.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import paper from './paper.module.css';
import css from './unlock.module.css';

export type Drawn = Output<'slots.draw'>;
type Page = Drawn['pages'][number];

/** One page as it is copied: numbered words under a colour, and nothing that says what it opens. */
const Words = ({ page, colour, name }: { page: Page; colour: string | null; name: string }): JSX.Element => (
  <section className={paper.page} data-colour={colour} aria-label={name}>
    {colour !== null && <div className={paper.colour} aria-hidden />}
    <ol className={paper.words}>
      {page.words.map((word, at) => (
        <li key={at}>
          <span>{word}</span>
        </li>
      ))}
    </ol>
  </section>
);

/**
 * Shows the words of a recovery slot once, page by page, and has them typed back while they are out of sight.
 * Until then nothing is stored and nothing opens.
 */
export function RecoveryPaper({ ticket, drawn }: { ticket: string; drawn: Drawn }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [step, setStep] = useState(0);
  const [written, setWritten] = useState(false);
  const [printed, setPrinted] = useState<boolean | null>(null);
  const [asked, setAsked] = useState<readonly string[]>(drawn.ask.map(() => ''));
  const [retyped, setRetyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(null);
  const many = drawn.kind === 'shares';
  const page = drawn.pages[step];
  const colour = drawn.colour === null ? '' : t(`colour.${drawn.colour}`);

  const print = async (): Promise<void> => {
    const title = document.title;
    // The print queue shows the title; it should say nothing.
    document.title = t('paper.job');
    setPrinted(await unlockHost().print());
    document.title = title;
  };
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const answer = await unlockHost().call('slots.confirm', { ticket, asked, retyped });
    if (answer.ok) return;
    setBusy(false);
    setFailure(answer.error);
  };

  if (page !== undefined) {
    const name = many ? t('paper.pageOf', { page: page.page, count: drawn.pages.length }) : t('paper.words');
    return (
      <div className={css.form}>
        <div>
          <h2 className={css.ticketTitle}>{name}</h2>
          <p className="rg-small rg-muted">
            {many ? t('paper.sharesText', { needed: drawn.needed, colour }) : t('paper.wordsText')}
          </p>
        </div>
        <Words page={page} colour={drawn.colour} name={name} />
        <Notice tone="due">{t('paper.noPhotos')}</Notice>
        {many && (
          <div className={css.generate}>
            <Button
              size="compact-sm"
              leftSection={<Printer size={16} aria-hidden />}
              onClick={() => void print()}
            >
              {t('paper.print')}
            </Button>
            <span className="rg-small rg-muted">
              {printed === false ? t('paper.notPrinted') : t('paper.spooler')}
            </span>
          </div>
        )}
        <Checkbox
          color="teal.8"
          label={t(many ? 'paper.pageWritten' : 'paper.written')}
          checked={written}
          onChange={(event) => setWritten(event.currentTarget.checked)}
        />
        <Button
          variant="filled"
          disabled={!written}
          onClick={() => {
            setWritten(false);
            setStep(step + 1);
          }}
        >
          {t(step + 1 < drawn.pages.length ? 'paper.next' : 'paper.hide')}
        </Button>
        {/* What goes to a printer: the pages alone, one sheet each. */}
        <div className={paper.print} aria-hidden>
          {drawn.pages.map((one) => (
            <div key={one.page} className={paper.sheet}>
              {drawn.colour !== null && <p className={paper.sheetColour}>{colour}</p>}
              <Words page={one} colour={drawn.colour} name="" />
            </div>
          ))}
        </div>
      </div>
    );
  }
  return (
    <form className={css.form} onSubmit={(event) => void confirm(event)} aria-label={t('paper.back')}>
      <div>
        <h2 className={css.ticketTitle}>{t('paper.back')}</h2>
        <p className="rg-small rg-muted">{t('paper.backText')}</p>
      </div>
      {failure && <Notice tone="danger">{errorWords(i18n.language, failure.code, failure.params)}</Notice>}
      <div className={css.asked}>
        {drawn.ask.map((one, at) => (
          <TextInput
            key={`${String(one.page)}-${String(one.word)}`}
            label={many ? t('paper.wordOfPage', one) : t('paper.word', { word: one.word })}
            value={asked[at] ?? ''}
            autoComplete="off"
            spellCheck={false}
            autoFocus={at === 0}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setAsked(asked.map((word, k) => (k === at ? text : word)));
            }}
          />
        ))}
      </div>
      <Textarea
        label={many ? t('paper.retypePage', { page: drawn.retype }) : t('paper.retype')}
        description={t('paper.retypeNote')}
        autosize
        minRows={3}
        autoComplete="off"
        spellCheck={false}
        value={retyped}
        onChange={(event) => setRetyped(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="filled"
        loading={busy}
        disabled={retyped.trim() === '' || asked.some((word) => word.trim() === '')}
      >
        {t('paper.confirm')}
      </Button>
      <Button variant="subtle" onClick={() => setStep(0)}>
        {t('paper.showAgain')}
      </Button>
    </form>
  );
}
