import { Button, Group, Loader, Modal } from '@mantine/core';
import { Images, Undo2 } from 'lucide-react';
import { useRef, useState, type JSX, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnexView } from '#shared/contract/exports.ts';
import { useQuery } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { usePicture } from '../../lib/use-picture.ts';
import { Notice } from '../../ui/Notice.tsx';
import css from './boxes.module.css';

type Placed = AnnexView['boxes'][number];
const MOST = 4096;

/** Covers parts of a picture or page. Boxes are kept in the measure of the original, not of the screen. */
export function AnnexBoxes({
  annex,
  onSave,
}: {
  annex: AnnexView;
  onSave: (boxes: Placed[]) => void;
}): JSX.Element {
  const { t } = useTranslation(['exports', 'ui']);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="compact-sm" leftSection={<Images size={15} />} onClick={() => setOpened(true)}>
        {annex.boxes.length === 0 ? t('cover') : t('covered', { count: annex.boxes.length })}
      </Button>
      {opened && <Cover annex={annex} onClose={() => setOpened(false)} onSave={onSave} />}
    </>
  );
}

function Cover({
  annex,
  onSave,
  onClose,
}: {
  annex: AnnexView;
  onSave: (boxes: Placed[]) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['exports', 'ui', 'common', 'evidence']);
  const words = useErrorText();
  const [page, setPage] = useState(0);
  const [boxes, setBoxes] = useState<Placed[]>([...annex.boxes]);
  const [drawing, setDrawing] = useState<{ x: number; y: number; toX: number; toY: number } | null>(null);
  const [cursor, setCursor] = useState({ x: 0.4, y: 0.4 });
  const stage = useRef<HTMLDivElement>(null);
  const picture = useQuery('evidence.picture', { id: annex.evidenceId, page, maxSide: MOST });
  const detail = useQuery('evidence.get', { id: annex.evidenceId });
  const url = usePicture(picture.data?.png);
  const pages = detail.data?.pageCount ?? 1;
  const data = picture.data;
  // Without the source's size a picture below the limit was not shrunk; anything else cannot be measured.
  const native = data && annex.mime.startsWith('image/') && Math.max(data.width, data.height) < MOST;
  const width = data?.sourceWidth ?? (native ? data.width : null);
  const height = data?.sourceHeight ?? (native ? data.height : null);

  const at = (event: PointerEvent): { x: number; y: number } => {
    const frame = stage.current?.getBoundingClientRect();
    if (!frame) return { x: 0, y: 0 };
    const clamp = (value: number): number => Math.min(1, Math.max(0, value));
    return {
      x: clamp((event.clientX - frame.left) / frame.width),
      y: clamp((event.clientY - frame.top) / frame.height),
    };
  };
  const place = (x: number, y: number, w: number, h: number): void => {
    if (width === null || height === null || w < 0.004 || h < 0.004) return;
    setBoxes((now) => [
      ...now,
      { page, box: { x: x * width, y: y * height, width: w * width, height: h * height } },
    ]);
  };
  const finish = (): void => {
    if (drawing)
      place(
        Math.min(drawing.x, drawing.toX),
        Math.min(drawing.y, drawing.toY),
        Math.abs(drawing.toX - drawing.x),
        Math.abs(drawing.toY - drawing.y),
      );
    setDrawing(null);
  };
  // By keyboard: arrows move a cursor, Enter puts a box there, Backspace takes the last one away.
  const onKey = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 0.05 : 0.01;
    const move: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const by = move[event.key];
    if (by)
      setCursor({
        x: Math.min(0.92, Math.max(0, cursor.x + by[0])),
        y: Math.min(0.95, Math.max(0, cursor.y + by[1])),
      });
    else if (event.key === 'Enter') place(cursor.x, cursor.y, 0.08, 0.05);
    else if (event.key === 'Backspace') setBoxes((now) => now.slice(0, -1));
    else return;
    event.preventDefault();
  };
  const percent = (part: number, whole: number | null): string => `${String((100 * part) / (whole ?? 1))}%`;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('coverTitle')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <p className="rg-muted" style={{ marginBottom: 8 }}>
        {t('coverHelp')}
      </p>
      {picture.error !== null && <Notice tone="danger">{words(picture.error)}</Notice>}
      {data && width === null && <Notice tone="due">{t('cannotMeasure')}</Notice>}
      {url === null ? (
        <Loader role="status" aria-label={t('ui:loading')} />
      ) : (
        <div className={css.frame}>
          <div
            ref={stage}
            className={css.stage}
            tabIndex={0}
            role="application"
            aria-label={t('coverStage', { count: boxes.filter((one) => one.page === page).length })}
            onKeyDown={onKey}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              const point = at(event);
              setDrawing({ ...point, toX: point.x, toY: point.y });
            }}
            onPointerMove={(event) => {
              if (drawing) {
                const point = at(event);
                setDrawing({ ...drawing, toX: point.x, toY: point.y });
              }
            }}
            onPointerUp={finish}
          >
            <img src={url} alt="" draggable={false} />
            <span className={css.cursor} style={{ left: percent(cursor.x, 1), top: percent(cursor.y, 1) }} />
            {boxes
              .filter((one) => one.page === page)
              .map((one, index) => (
                <span
                  key={index}
                  className={css.box}
                  style={{
                    left: percent(one.box.x, width),
                    top: percent(one.box.y, height),
                    width: percent(one.box.width, width),
                    height: percent(one.box.height, height),
                  }}
                />
              ))}
            {drawing && (
              <span
                className={css.box}
                style={{
                  left: percent(Math.min(drawing.x, drawing.toX), 1),
                  top: percent(Math.min(drawing.y, drawing.toY), 1),
                  width: percent(Math.abs(drawing.toX - drawing.x), 1),
                  height: percent(Math.abs(drawing.toY - drawing.y), 1),
                }}
              />
            )}
          </div>
        </div>
      )}
      <Group mt="md" justify="space-between">
        <Group gap="xs">
          <Button
            leftSection={<Undo2 size={16} />}
            disabled={boxes.length === 0}
            onClick={() => setBoxes(boxes.slice(0, -1))}
          >
            {t('undoBox')}
          </Button>
          {pages > 1 && (
            <>
              <Button disabled={page === 0} onClick={() => setPage(page - 1)}>
                {t('evidence:previousPage')}
              </Button>
              <span className="rg-num">{t('evidence:pageOf', { page: page + 1, pages })}</span>
              <Button disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
                {t('evidence:nextPage')}
              </Button>
            </>
          )}
        </Group>
        <Group gap="xs">
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button
            variant="filled"
            onClick={() => {
              onSave(boxes);
              onClose();
            }}
          >
            {t('common:save')}
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}
