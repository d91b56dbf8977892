import { Button, Group, SegmentedControl, Textarea } from '@mantine/core';
import { NotebookPen } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { NOTE_KINDS } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatSince } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

type Kind = (typeof NOTE_KINDS)[number];

/** Working notes. A privileged one enters no package, whatever the profile. */
export function NotesPanel({ caseId }: { caseId: CaseId }): JSX.Element {
  const { t } = useTranslation('cases');
  const { options, term } = useTerms();
  const words = useErrorText();
  const notes = useQuery('notes.list', { caseId, limit: 50 }).data?.rows ?? [];
  const write = useCommand('notes.write');
  const [body, setBody] = useState('');
  const [kind, setKind] = useState<Kind>('work');
  const save = async (): Promise<void> => {
    const done = await write.mutateAsync({ caseId, kind, body: body.trim() }).catch(() => null);
    if (done) setBody('');
  };
  return (
    <Panel title={t('notes')} Icon={NotebookPen} extra={notes.length} flush>
      <div style={{ padding: 14 }}>
        <Stack>
          {write.error !== null && <Notice tone="danger">{words(write.error)}</Notice>}
          <Textarea
            aria-label={t('newNote')}
            placeholder={t('newNote')}
            className="rg-private"
            autosize
            minRows={2}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          <Group justify="space-between">
            <SegmentedControl
              size="xs"
              aria-label={t('noteKind')}
              value={kind}
              onChange={(value) => setKind(value as Kind)}
              data={options('note', NOTE_KINDS)}
            />
            <Button disabled={body.trim() === ''} loading={write.isPending} onClick={() => void save()}>
              {t('writeNote')}
            </Button>
          </Group>
        </Stack>
      </div>
      <Rows>
        {notes.map((note) => (
          <Row
            key={note.id}
            title={
              <span className="rg-private" style={{ fontWeight: 400, whiteSpace: 'pre-wrap' }}>
                {note.body}
              </span>
            }
            note={
              <>
                <span className="rg-private">{note.author}</span> · {formatSince(note.createdAt)}
              </>
            }
            end={
              note.kind === 'privileged' ? (
                <StatusTag tone="digital">{term('note', note.kind)}</StatusTag>
              ) : undefined
            }
          />
        ))}
      </Rows>
    </Panel>
  );
}
