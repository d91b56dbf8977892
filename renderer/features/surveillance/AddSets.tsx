import { TextInput } from '@mantine/core';
import { CircleAlert, CircleCheck, ListChecks, LoaderCircle } from 'lucide-react';
import { useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileToken } from '#shared/contract/bridge.ts';
import type { TargetId } from '#shared/model/ids.ts';
import { codeOf, host } from '../../api/bridge.ts';
import { call } from '../../api/client.ts';
import { formatNumber } from '../../lib/format.ts';
import { stopsAtDay } from '../../lib/stop-at-day.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { DayField } from '../../ui/DayField.tsx';
import { DropZone } from '../../ui/DropZone.tsx';
import forms from '../../ui/forms.module.css';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';

interface Added {
  readonly key: string;
  readonly name: string;
  readonly state: 'taking' | 'done' | 'failed';
  readonly words: string;
}

/** Takes indicator files in, one after the other, each with what became of it. */
export function AddSets(): JSX.Element {
  const { t, i18n } = useTranslation('surveillance');
  const [items, setItems] = useState<readonly Added[]>([]);
  const [source, setSource] = useState('');
  const [licence, setLicence] = useState('');
  const [day, setDay] = useState('');
  const queue = useRef<Promise<void>>(Promise.resolve());
  const take = (tokens: readonly FileToken[]): void => {
    if (stopsAtDay([day])) return;
    setItems((now) => [
      ...now,
      ...tokens.map((token): Added => ({ key: token.id, name: token.name, state: 'taking', words: '' })),
    ]);
    for (const token of tokens) {
      const change = (changes: Partial<Added>): void =>
        setItems((now) => now.map((item) => (item.key === token.id ? { ...item, ...changes } : item)));
      queue.current = queue.current.then(async () => {
        try {
          const set = await call('indicatorSets.add', {
            target: token.id as TargetId,
            source,
            licence,
            ...(day === '' ? {} : { day }),
          });
          change({
            state: 'done',
            words: set.existed
              ? t('sets.existed')
              : t('sets.taken', {
                  number: formatNumber(set.indicators),
                  count: set.indicators,
                  skipped: formatNumber(set.skipped),
                }),
          });
        } catch (thrown) {
          const { code, params } = codeOf(thrown);
          change({ state: 'failed', words: errorWords(i18n.language, code, params) });
        }
      });
    }
  };
  return (
    <div style={{ marginBottom: 12 }}>
      <Panel title={t('sets.add')} Icon={ListChecks} flush>
        <div style={{ padding: '10px 14px', display: 'grid', gap: 10 }}>
          <div className={forms.two}>
            <TextInput
              label={t('sets.source')}
              description={t('sets.sourceHelp')}
              value={source}
              onChange={(event) => setSource(event.currentTarget.value)}
            />
            <div className={forms.two}>
              <TextInput
                label={t('sets.licence')}
                description={t('sets.licenceHelp')}
                value={licence}
                onChange={(event) => setLicence(event.currentTarget.value)}
              />
              <DayField label={t('sets.day')} description={t('sets.dayHelp')} value={day} onChange={setDay} />
            </div>
          </div>
          <DropZone
            title={t('sets.drop')}
            note={t('sets.dropNote')}
            onFiles={(files) => void host().fileTokens(files).then(take)}
            onChoose={() => void host().chooseFiles({ multiple: true }).then(take)}
          />
        </div>
        <Rows label={t('sets.added')}>
          {items.map((item) => (
            <Row
              key={item.key}
              lead={
                item.state === 'taking' ? (
                  <LoaderCircle size={18} aria-hidden />
                ) : item.state === 'done' ? (
                  <CircleCheck size={18} aria-hidden />
                ) : (
                  <CircleAlert size={18} aria-hidden />
                )
              }
              title={item.name}
              note={
                <span role={item.state === 'failed' ? 'alert' : 'status'}>
                  {item.state === 'taking' ? t('sets.reading') : item.words}
                </span>
              }
            />
          ))}
        </Rows>
      </Panel>
    </div>
  );
}
