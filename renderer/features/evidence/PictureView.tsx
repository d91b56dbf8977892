import { Button, Loader } from '@mantine/core';
import { ChevronLeft, ChevronRight, Eye, ZoomIn, ZoomOut } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { usePicture } from '../../lib/use-picture.ts';
import { Notice } from '../../ui/Notice.tsx';
import css from './evidence.module.css';

/** A page drawn by the parser: the window never sees the original's bytes. */
export function PictureView(props: {
  id: EvidenceId;
  title: string;
  hard: boolean;
  pages: number;
}): JSX.Element {
  const { t } = useTranslation(['evidence', 'ui']);
  const words = useErrorText();
  const [page, setPage] = useState(0);
  const [zoom, setZoom] = useState(false);
  const [asked, setAsked] = useState(!props.hard);
  const answer = useQuery('evidence.picture', { id: props.id, page, maxSide: zoom ? 3000 : 1400 });
  const url = usePicture(answer.data?.png);
  return (
    <>
      <div className={css.picture} data-hidden={!asked} tabIndex={0} role="region" aria-label={props.title}>
        {answer.error ? (
          <Notice tone="neutral">{words(answer.error)}</Notice>
        ) : url === null ? (
          <Loader role="status" aria-label={t('ui:loading')} />
        ) : (
          <img
            className="rg-private"
            src={url}
            data-zoom={zoom}
            alt={asked ? t('pictureOf', { title: props.title, page: page + 1 }) : t('blurred')}
          />
        )}
        {!asked && (
          <Button className={css.reveal ?? ''} leftSection={<Eye size={16} />} onClick={() => setAsked(true)}>
            {t('reveal')}
          </Button>
        )}
      </div>
      <div className={css.tools}>
        {props.pages > 1 && (
          <>
            <Button
              size="compact-sm"
              aria-label={t('previousPage')}
              disabled={page === 0}
              onClick={() => setPage(page - 1)}
            >
              <ChevronLeft size={16} />
            </Button>
            <span className="rg-num">{t('pageOf', { page: page + 1, pages: props.pages })}</span>
            <Button
              size="compact-sm"
              aria-label={t('nextPage')}
              disabled={page + 1 >= props.pages}
              onClick={() => setPage(page + 1)}
            >
              <ChevronRight size={16} />
            </Button>
          </>
        )}
        <Button
          size="compact-sm"
          leftSection={zoom ? <ZoomOut size={16} /> : <ZoomIn size={16} />}
          onClick={() => setZoom(!zoom)}
        >
          {zoom ? t('fit') : t('zoom')}
        </Button>
      </div>
    </>
  );
}
