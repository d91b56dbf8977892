import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ERASURE_CONFIRMATIONS, type HoldState } from '#shared/contract/erasure.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { useCommand, useQuery, useTask } from '../../api/hooks.ts';
import { formatInstant, formatNumber } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { ErasureCertificate } from './ErasureCertificate.tsx';
import css from './safeguard.module.css';

type Choice = 'keep' | 'act';

/** In two stages: first shut away, then erased. Everything that follows from it is said before. */
export function ErasePanel(props: {
  personId: PersonId;
  requestId: string | null;
  hold: HoldState;
  language: 'es' | 'en';
  reason: string;
  legalBasis: string;
}): JSX.Element {
  const { t, i18n } = useTranslation('safeguard');
  const words = useErrorText();
  const { personId, requestId, hold, language } = props;
  const preview = useQuery('erasure.preview', { personId }, { enabled: hold !== 'erased' });
  const block = useCommand('erasure.block');
  const erase = useTask('erasure.erase');
  const [evidence, setEvidence] = useState<Readonly<Record<string, Choice>>>({});
  const [mentions, setMentions] = useState<Readonly<Record<string, Choice>>>({});
  const [copies, setCopies] = useState<'block' | 'erase'>('block');
  const [typed, setTyped] = useState('');
  // What was counted before is no news of somebody who is erased.
  const found = hold === 'erased' ? undefined : preview.data;
  const recordWords = (record: string): string =>
    i18n.exists(`safeguard:erase.records.${record}`)
      ? t(`erase.records.${record}` as 'erase.records.person')
      : t('erase.record', { record });
  const basis = { personId, requestId, reason: props.reason, legalBasis: props.legalBasis };
  const explained = props.reason !== '' && props.legalBasis !== '';
  // Asked before it was known that she is erased, or again after that, the answer is a refusal and no news either.
  const error = (hold === 'erased' ? null : preview.error) ?? block.error ?? erase.error;
  const unsure = found?.mentions.filter((one) => !one.certain) ?? [];
  const decided =
    found !== undefined &&
    found.evidence.every((one) => evidence[one.id] !== undefined) &&
    unsure.every((one) => mentions[one.id] !== undefined);
  const word = ERASURE_CONFIRMATIONS.erase[language];
  const choose = (
    label: string,
    value: Choice | undefined,
    act: string,
    onChange: (choice: Choice) => void,
  ): JSX.Element => (
    <SegmentedControl
      size="xs"
      aria-label={label}
      value={value ?? ''}
      data={[
        { value: 'keep', label: t('erase.keep') },
        { value: 'act', label: act },
      ]}
      onChange={(choice) => onChange(choice as Choice)}
    />
  );
  if (erase.data) {
    return (
      <Panel title={t('erase.title')} Icon={Trash2}>
        <Stack>
          <Notice tone="verified" title={t('erase.done', { code: erase.data.code })}>
            {t('erase.doneText', {
              replaced: formatNumber(erase.data.replaced),
              payloads: formatNumber(erase.data.payloads),
              evidence: formatNumber(erase.data.evidenceDeleted),
            })}
          </Notice>
          {!erase.data.removed && <Notice tone="due">{t('erase.later')}</Notice>}
          <Backups rows={erase.data.backups} />
          <ErasureCertificate personId={personId} language={language} />
        </Stack>
      </Panel>
    );
  }
  return (
    <Panel title={t('erase.title')} Icon={Trash2} tone="danger">
      <Stack>
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        {hold === 'erased' && (
          <>
            <p>{t('hold.erased')}</p>
            <ErasureCertificate personId={personId} language={language} />
          </>
        )}
        {found && (
          <>
            <Facts
              items={[
                ...found.records
                  .filter((one) => one.count > 0)
                  .map((one) => [recordWords(one.record), formatNumber(one.count)] as const),
                [t('erase.mentions'), formatNumber(found.mentions.length)],
                [t('erase.entries'), formatNumber(found.journalEntries)],
                found.openCases.length > 0 ? [t('erase.openCases'), found.openCases.join(', ')] : null,
                found.openExports > 0 ? [t('erase.openExports'), formatNumber(found.openExports)] : null,
              ]}
            />
            {found.disclosures.length > 0 && (
              <Notice tone="due" title={t('erase.disclosed', { count: found.disclosures.length })}>
                {[...new Set(found.disclosures.map((one) => one.recipient))].join(', ')}
              </Notice>
            )}
            <Backups rows={found.backups} />
            {hold !== 'blocked' ? (
              <>
                <p>{t('erase.first')}</p>
                <div>
                  <Button disabled={!explained} loading={block.isPending} onClick={() => block.mutate(basis)}>
                    {t('erase.block')}
                  </Button>
                </div>
              </>
            ) : (
              <>
                {found.evidence.length > 0 && (
                  <Rows label={t('erase.evidence')}>
                    {found.evidence.map((one) => (
                      <Row
                        key={one.id}
                        title={<span className="rg-private">{one.title}</span>}
                        note={[
                          one.caseCode,
                          one.exported ? t('erase.exported') : null,
                          one.inUse ? t('erase.inUse') : null,
                        ]
                          .filter((part) => part !== null)
                          .join(' · ')}
                        end={choose(one.title, evidence[one.id], t('erase.delete'), (choice) =>
                          setEvidence({ ...evidence, [one.id]: choice }),
                        )}
                      />
                    ))}
                  </Rows>
                )}
                {unsure.length > 0 && (
                  <Rows label={t('erase.mentions')}>
                    {unsure.map((one) => (
                      <Row
                        key={one.id}
                        title={
                          <span className={`${css.mention ?? ''} rg-private`}>
                            {one.before}
                            <mark>{one.found}</mark>
                            {one.after}
                          </span>
                        }
                        end={choose(one.found, mentions[one.id], t('erase.replace'), (choice) =>
                          setMentions({ ...mentions, [one.id]: choice }),
                        )}
                      />
                    ))}
                  </Rows>
                )}
                <SegmentedControl
                  aria-label={t('erase.copies')}
                  value={copies}
                  data={[
                    { value: 'block', label: t('erase.copiesBlock') },
                    { value: 'erase', label: t('erase.copiesErase') },
                  ]}
                  onChange={(value) => setCopies(value as 'block' | 'erase')}
                />
                <TextInput
                  label={t('erase.type', { word })}
                  value={typed}
                  autoComplete="off"
                  onChange={(event) => setTyped(event.currentTarget.value)}
                />
                <div>
                  <Button
                    variant="filled"
                    color="brick.8"
                    loading={erase.isPending}
                    disabled={!explained || !decided || typed.trim().toLowerCase() !== word}
                    onClick={() =>
                      erase.mutate({
                        ...basis,
                        evidence: found.evidence.map((one) => ({
                          evidenceId: one.id,
                          action: evidence[one.id] === 'act' ? 'delete' : 'keep',
                        })),
                        keepMentions: unsure
                          .filter((one) => mentions[one.id] === 'keep')
                          .map((one) => one.id),
                        replaceMentions: unsure
                          .filter((one) => mentions[one.id] === 'act')
                          .map((one) => one.id),
                        copies,
                        language,
                        typed: typed.trim(),
                      })
                    }
                  >
                    {t('erase.action')}
                  </Button>
                </div>
              </>
            )}
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Backups({
  rows,
}: {
  rows: readonly { kind: 'backup' | 'beforeUpdate'; place: string; at: string; reachable: boolean }[];
}): JSX.Element | null {
  const { t } = useTranslation('safeguard');
  if (rows.length === 0) return null;
  return (
    <Notice tone="due" title={t('erase.backups')}>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {rows.map((one) => (
          <li key={`${one.place}${one.at}`}>
            {t(one.kind === 'beforeUpdate' ? 'erase.beforeUpdate' : 'erase.backup', {
              place: one.place,
              when: formatInstant(one.at),
            })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
