import { Button } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { useEffect, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView, Run } from '#shared/contract/exports.ts';
import css from './exports.module.css';
import { isWritten, profileBasis } from './profile-words.ts';

interface Marking {
  readonly selected: string | null;
  onSelect(suggestionId: string): void;
}

function Runs({ runs, marking }: { runs: readonly Run[]; marking: Marking }): JSX.Element {
  return (
    <>
      {runs.map((run, index) => {
        switch (run.mark) {
          case 'plain':
            return run.text;
          case 'strong':
            return <strong key={index}>{run.text}</strong>;
          case 'name':
            return (
              <span key={index} className={`${css.name ?? ''} rg-private`}>
                {run.text}
              </span>
            );
          case 'pseudonym':
            return (
              <span key={index} className={css.pseudonym}>
                {run.text}
              </span>
            );
          case 'withheld':
            return (
              <span key={index} className={css.withheld}>
                {run.text}
              </span>
            );
          case 'annex':
            return (
              <span key={index} className={css.annex}>
                {run.text}
              </span>
            );
          case 'pending': {
            const id = run.suggestionId;
            return (
              <button
                key={index}
                type="button"
                className={`${css.pending ?? ''} rg-private`}
                data-on={id !== undefined && id === marking.selected}
                onClick={() => id !== undefined && marking.onSelect(id)}
              >
                {run.text}
              </button>
            );
          }
        }
      })}
    </>
  );
}

/** The filing as the recipient would read it, with what is replaced, withheld and still open marked. */
export function FilingSheet(props: {
  view: ExportView;
  marking: Marking;
  onWrite?: (section: string) => void;
}): JSX.Element {
  const { t } = useTranslation('exports');
  const { view, marking } = props;
  const desk = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = desk.current;
    const mark = frame?.querySelector<HTMLElement>('[data-on="true"]');
    if (marking.selected === null || !frame || !mark) return;
    // Only the desk moves; the page around it stays where it is.
    const above = mark.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    if (above < 40 || above > frame.clientHeight - 60) frame.scrollTop += above - frame.clientHeight / 2;
  }, [marking.selected]);
  return (
    <div ref={desk} className={css.desk} tabIndex={0} role="region" aria-label={t('document')}>
      <article className={`${css.sheet ?? ''}`} lang={view.language}>
        <div className={css.docTitle}>{view.title}</div>
        <div className={css.docBasis}>{profileBasis(view.profile, view.language)}</div>
        {view.sections.map((section, index) => (
          <section key={section.id}>
            <h2 className={css.docHead}>
              <span>
                {index + 1}. {section.heading}
              </span>
              {section.article !== '' && <small>{section.article}</small>}
              {props.onWrite && isWritten(view.profile, section.id) && (
                <Button
                  size="compact-xs"
                  leftSection={<Pencil size={13} />}
                  aria-label={t('writeSection', { section: section.heading })}
                  onClick={() => props.onWrite?.(section.id)}
                >
                  {t('write')}
                </Button>
              )}
            </h2>
            {section.blocks.length === 0 && <p className={css.empty}>{t('emptySection')}</p>}
            {section.blocks.map((block, at) => (
              <div key={at} className={css.block}>
                {block.kind === 'fact' ? (
                  <div className={css.fact}>
                    <span className="rg-num">{block.number}.</span>
                    <span>
                      <Runs runs={block.runs ?? []} marking={marking} />
                    </span>
                  </div>
                ) : block.kind === 'list' ? (
                  <ul>
                    {(block.items ?? []).map((item, which) => (
                      <li key={which}>
                        <Runs runs={item} marking={marking} />
                      </li>
                    ))}
                  </ul>
                ) : block.kind === 'table' ? (
                  <table>
                    {block.header && (
                      <thead>
                        <tr>
                          {block.header.map((heading, which) => (
                            <th key={which} scope="col">
                              {heading}
                            </th>
                          ))}
                        </tr>
                      </thead>
                    )}
                    <tbody>
                      {(block.rows ?? []).map((row, which) => (
                        <tr key={which}>
                          {row.map((cell, column) => (
                            <td key={column}>
                              <Runs runs={cell} marking={marking} />
                            </td>
                          ))}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                ) : (
                  <p>
                    <Runs runs={block.runs ?? []} marking={marking} />
                  </p>
                )}
              </div>
            ))}
          </section>
        ))}
      </article>
    </div>
  );
}
