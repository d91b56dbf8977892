import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { SlotFactor, SlotRow } from '#shared/contract/slots.ts';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { formatInstant } from '../../lib/format.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Row } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { useMachineSecret } from './use-machine.ts';
import { isPerson, SLOT_ICONS } from './slot-words.ts';

type Powers = SlotRow['powers'];

/** One way into the vault: whose, since when, with what, and what can be done about it. */
export function SlotItem(props: {
  slot: SlotRow;
  may: boolean;
  busy: boolean;
  onChange: (factor: SlotFactor | null) => void;
  onReplace: (factor: SlotFactor) => void;
  onPowers: (powers: Powers) => void;
  onRemove: () => void;
}): JSX.Element {
  const { t } = useTranslation('keys');
  const { term } = useTerms();
  const { slot, may } = props;
  const machine = useMachineSecret();
  const Icon = SLOT_ICONS[slot.kind];
  const powers =
    slot.preset === null
      ? slot.powers.map((power) => term('power', power)).join(' · ')
      : t(`preset.${slot.preset}`);
  const note = [
    isPerson(slot) ? powers : t(`kind.${slot.kind}`),
    ...(slot.shares === null
      ? []
      : [
          t('sharesOf', {
            needed: slot.shares.needed,
            pages: slot.shares.pages,
            colour: t(`colour.${slot.shares.colour}`),
          }),
        ]),
    t('since', { when: formatInstant(slot.since, false) }),
    ...(slot.addedBy === null ? [] : [t('addedBy', { name: slot.addedBy })]),
  ].join(' · ');
  const factors: SlotFactor[] = (['none', 'keyFile', 'machine'] as const).filter(
    (factor) => factor !== slot.factor && (factor !== 'machine' || machine),
  );
  const mine = slot.own && isPerson(slot);
  const acts = !slot.retired && (mine || (may && isPerson(slot)));
  return (
    <Row
      lead={<Icon size={19} aria-hidden />}
      title={
        <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
          <span className="rg-private">{slot.name}</span>
          {slot.own && <StatusTag tone="primary">{t('you')}</StatusTag>}
          {slot.factor !== 'none' && <StatusTag>{t(`factor.${slot.factor}`)}</StatusTag>}
          {slot.cost === 'old' && <StatusTag tone="due">{t('oldCost')}</StatusTag>}
          {slot.retired && <StatusTag>{t('retired')}</StatusTag>}
        </span>
      }
      note={note}
      end={
        <>
          {mine && (
            <Button disabled={props.busy} onClick={() => props.onChange(null)}>
              {t('changeMine')}
            </Button>
          )}
          {!slot.retired && may && !slot.own && (
            <Button disabled={props.busy} onClick={props.onRemove}>
              {t(isPerson(slot) ? 'removePerson' : 'removePaper')}
            </Button>
          )}
          {slot.retired && isPerson(slot) && may && (
            <Link to="/keys/leaver/$slotId" params={{ slotId: slot.id }}>
              {t('leaver.open')}
            </Link>
          )}
          {acts && (
            <Menu position="bottom-end" width={290} shadow="md">
              <Menu.Target>
                <Button px={7} aria-label={t('actionsOf', { name: slot.name })} disabled={props.busy}>
                  <Ellipsis size={17} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {mine &&
                  factors.map((factor) => (
                    <Menu.Item key={factor} onClick={() => props.onChange(factor)}>
                      {t(`withFactor.${factor}`)}
                    </Menu.Item>
                  ))}
                {!mine && may && (
                  <>
                    <Menu.Label>{t('powersOf')}</Menu.Label>
                    {(Object.keys(PRESETS) as Preset[])
                      .filter((preset) => preset !== slot.preset)
                      .map((preset) => (
                        <Menu.Item key={preset} onClick={() => props.onPowers([...PRESETS[preset]])}>
                          {t(`preset.${preset}`)}
                        </Menu.Item>
                      ))}
                    <Menu.Divider />
                    <Menu.Item onClick={() => props.onReplace(slot.factor)}>{t('forgot')}</Menu.Item>
                  </>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    />
  );
}
