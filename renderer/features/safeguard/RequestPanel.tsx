import { Button, Checkbox, TextInput } from '@mantine/core';
import { Inbox } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { DATA_REQUEST_KINDS, type DataRequestKind, type DataRequestRow } from '#shared/contract/erasure.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { useCommand } from '../../api/hooks.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { formatDay, localDay } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';
import { PartialDateField } from '../../ui/PartialDateField.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

/** Her request with its time limits; or the form that notes it, which asks how she was recognised. */
export function RequestPanel(props: {
  personId: PersonId;
  request: DataRequestRow | undefined;
}): JSX.Element {
  const { t } = useTranslation('safeguard');
  const words = useErrorText();
  const open = useCommand('dataRequests.open');
  const note = useCommand('dataRequests.note');
  const [kinds, setKinds] = useState<DataRequestKind[]>(['access']);
  const [channel, setChannel] = useState('');
  const [known, setKnown] = useState('');
  const { request } = props;
  const error = open.error ?? note.error;
  const today = localDay(new Date().toISOString());
  const [received, setReceived] = useState<PartialDate>({ kind: 'day', day: today, approximate: false });
  // The time limits run from that day: it must be one, and not in the future.
  const receivedOn = received.kind === 'day' && received.day <= today ? received.day : null;
  if (request !== undefined) {
    return (
      <Panel
        title={t('request.title')}
        Icon={Inbox}
        extra={<StatusTag tone="due">{t(`request.state.${request.state}`)}</StatusTag>}
      >
        <Stack>
          {error !== null && <Notice tone="danger">{words(error)}</Notice>}
          <Facts
            items={[
              [t('request.kinds'), request.kinds.map((kind) => t(`request.kind.${kind}`)).join(', ')],
              [t('request.received'), formatDay(request.receivedOn)],
              ...request.clocks.map(
                (clock) =>
                  [
                    t(`request.step.${clock.step}`),
                    <span key={clock.ruleId + clock.step}>
                      {clock.strictDay === null ? t('request.notBegun') : formatDay(clock.strictDay)}
                      {clock.doneDay !== null &&
                        ` · ${t('request.doneOn', { day: formatDay(clock.doneDay) })}`}
                      {clock.lateDays > 0 && (
                        <StatusTag tone="danger">{t('request.late', { count: clock.lateDays })}</StatusTag>
                      )}
                      {!clock.verified && (
                        <>
                          {' '}
                          <StatusTag tone="due">{t('request.unconfirmed')}</StatusTag>
                        </>
                      )}
                    </span>,
                  ] as const,
              ),
            ]}
          />
          <div style={{ display: 'flex', gap: 8 }}>
            {request.state === 'open' && (
              <Button
                loading={note.isPending}
                onClick={() => note.mutate({ id: request.id, version: request.version, answeredOn: today })}
              >
                {t('request.answered')}
              </Button>
            )}
            <Button
              loading={note.isPending}
              onClick={() =>
                note.mutate({ id: request.id, version: request.version, carriedOutOn: today, close: true })
              }
            >
              {t('request.carriedOut')}
            </Button>
          </div>
        </Stack>
      </Panel>
    );
  }
  return (
    <Panel title={t('request.new')} Icon={Inbox}>
      <Stack>
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        <Checkbox.Group
          label={t('request.asks')}
          value={kinds}
          onChange={(value) => setKinds(value as DataRequestKind[])}
        >
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 16px', marginTop: 6 }}>
            {DATA_REQUEST_KINDS.map((kind) => (
              <Checkbox key={kind} color="teal.8" value={kind} label={t(`request.kind.${kind}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <PartialDateField
          label={t('request.receivedOn')}
          value={received}
          error={receivedOn === null ? t('request.receivedWhen') : undefined}
          onChange={setReceived}
        />
        <TextInput
          label={t('request.channel')}
          value={channel}
          autoComplete="off"
          onChange={(event) => setChannel(event.currentTarget.value)}
        />
        <TextInput
          label={t('request.identified')}
          description={t('request.identifiedNote')}
          value={known}
          autoComplete="off"
          onChange={(event) => setKnown(event.currentTarget.value)}
        />
        <div>
          <Button
            variant="filled"
            loading={open.isPending}
            disabled={kinds.length === 0 || known.trim() === '' || receivedOn === null}
            onClick={() =>
              receivedOn !== null &&
              open.mutate({
                personId: props.personId,
                kinds,
                receivedOn,
                channel: channel.trim(),
                identifiedBy: known.trim(),
              })
            }
          >
            {t('request.note')}
          </Button>
        </div>
      </Stack>
    </Panel>
  );
}
