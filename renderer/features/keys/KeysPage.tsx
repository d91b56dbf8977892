import { Button, Loader, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { KeyRound, LifeBuoy, RefreshCw, UserPlus } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotFactor, SlotRow } from '#shared/contract/slots.ts';
import { call } from '../../api/client.ts';
import { useQuery } from '../../api/hooks.ts';
import { useTicket } from '../../api/use-ticket.ts';
import { formatMemory } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { AddPersonDialog } from './AddPersonDialog.tsx';
import { AddRecoveryDialog } from './AddRecoveryDialog.tsx';
import { KeyFileDialog } from './KeyFileDialog.tsx';
import { RaisingNotice } from './RaisingNotice.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { RotateDialog } from './RotateDialog.tsx';
import { SlotItem } from './SlotItem.tsx';
import { isPerson } from './slot-words.ts';

type Dialog = 'person' | 'words' | 'shares' | 'rotate' | 'keyFile' | null;

/** Who may open this vault and with what; everything that changes it asks for a passphrase in the small window. */
export function KeysPage(): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const may = session?.actor?.powers.includes('keys') ?? false;
  const [retired, setRetired] = useState(false);
  const query = useQuery('slots.list', { retired }, { keep: true });
  const list = query.data;
  const ticket = useTicket();
  const [dialog, setDialog] = useState<Dialog>(null);
  const [leaving, setLeaving] = useState<SlotRow | null>(null);
  const error = query.error ?? ticket.error;

  const prepare = async (input: Parameters<typeof call<'slots.prepare'>>[1], said: string): Promise<void> => {
    if (await ticket.ask(async () => (await call('slots.prepare', input)).ticket)) notify(said);
  };
  const change = (factor: SlotFactor | null): void =>
    void prepare({ purpose: 'slots.change', ...(factor ? { factor } : {}) }, t('changed'));
  const people = list?.rows.filter(isPerson) ?? [];
  const paper = list?.rows.filter((slot) => !isPerson(slot)) ?? [];
  const item = (slot: SlotRow): JSX.Element => (
    <SlotItem
      key={slot.id}
      slot={slot}
      may={may}
      busy={ticket.busy}
      onChange={(factor) => (factor === 'keyFile' ? setDialog('keyFile') : change(factor))}
      onReplace={(factor) => void prepare({ purpose: 'slots.replace', slot: slot.id, factor }, t('replaced'))}
      onPowers={(powers) =>
        void prepare({ purpose: 'slots.setPowers', slot: slot.id, powers }, t('powersSet'))
      }
      onRemove={() => setLeaving(slot)}
    />
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={<Link to="/settings">{t('crumb')}</Link>}
        actions={
          may && (
            <Button
              variant="filled"
              leftSection={<UserPlus size={17} aria-hidden />}
              disabled={list?.free === 0}
              onClick={() => setDialog('person')}
            >
              {t('addPerson')}
            </Button>
          )
        }
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      {!list && query.isPending && <Loader role="status" aria-label={t('ui:loading')} />}
      {list && (
        <Columns
          main={
            <>
              {list.rotationAdvised && (
                <Notice tone="due" title={t('rotateAdvised')}>
                  {t('rotateAdvisedText')}
                </Notice>
              )}
              {list.coordinators < 2 && (
                <Notice tone="due" title={t('oneCoordinator')}>
                  {t('oneCoordinatorText')}
                </Notice>
              )}
              <Panel
                title={t('people')}
                Icon={KeyRound}
                flush
                extra={
                  <Switch
                    size="xs"
                    color="teal.8"
                    label={t('showRetired')}
                    checked={retired}
                    onChange={(event) => setRetired(event.currentTarget.checked)}
                  />
                }
              >
                <Rows label={t('people')}>{people.map(item)}</Rows>
              </Panel>
              <Panel title={t('recovery')} Icon={LifeBuoy} flush>
                <Rows label={t('recovery')}>
                  {paper.map(item)}
                  {!list.hasWords && (
                    <Row
                      title={t('noWords')}
                      note={t('wordsText')}
                      end={may && <Button onClick={() => setDialog('words')}>{t('makeWords')}</Button>}
                    />
                  )}
                  {!list.hasShares && (
                    <Row
                      title={t('noShares')}
                      note={t('sharesText')}
                      end={may && <Button onClick={() => setDialog('shares')}>{t('makeShares')}</Button>}
                    />
                  )}
                </Rows>
              </Panel>
            </>
          }
          side={
            <>
              <Panel title={t('masterKey')} Icon={RefreshCw}>
                <Stack>
                  <Facts
                    items={[
                      [t('free'), t('freeOf', { free: list.free })],
                      [
                        t('cost'),
                        t('costIs', { ops: list.cost.ops, memory: formatMemory(list.cost.memoryBytes) }),
                      ],
                    ]}
                  />
                  {list.raising && <RaisingNotice raising={list.raising} may={may} />}
                  {may && (
                    <>
                      <Button onClick={() => setDialog('rotate')}>{t('rotate')}</Button>
                      <Button
                        disabled={list.raising !== null}
                        onClick={() => void prepare({ purpose: 'slots.raiseCost' }, t('raised'))}
                      >
                        {t('raiseCost')}
                      </Button>
                      <p className="rg-small rg-muted">{t('raiseCostText')}</p>
                    </>
                  )}
                </Stack>
              </Panel>
              <Notice tone="neutral" title={t('honest')}>
                {t('honestText')}
              </Notice>
            </>
          }
        />
      )}
      <AddPersonDialog opened={dialog === 'person'} onClose={() => setDialog(null)} ticket={ticket} />
      <AddRecoveryDialog
        kind={dialog === 'words' || dialog === 'shares' ? dialog : null}
        onClose={() => setDialog(null)}
        ticket={ticket}
      />
      <KeyFileDialog
        opened={dialog === 'keyFile'}
        onClose={() => setDialog(null)}
        onReady={() => {
          setDialog(null);
          change('keyFile');
        }}
      />
      <RotateDialog opened={dialog === 'rotate'} onClose={() => setDialog(null)} ticket={ticket} />
      <RemoveDialog slot={leaving} onClose={() => setLeaving(null)} ticket={ticket} />
    </>
  );
}
