import type { JSX } from 'react';
import type { EvidenceRow } from '#shared/contract/evidence.ts';
import { useQuery } from '../../api/hooks.ts';
import { usePicture } from '../../lib/use-picture.ts';
import css from './evidence.module.css';
import { FileIcon } from './FileIcon.tsx';

/** A small picture, or the sign of its kind. What is hard to look at stays blurred. */
export function Thumbnail({ row }: { row: EvidenceRow }): JSX.Element {
  const answer = useQuery('evidence.thumbnail', { id: row.id }, { enabled: row.hasThumbnail });
  const url = usePicture(answer.data?.png);
  return (
    <span className={css.thumb} data-hard={row.hardToView}>
      {url === null ? <FileIcon mime={row.mime} /> : <img className="rg-private" src={url} alt="" />}
    </span>
  );
}
