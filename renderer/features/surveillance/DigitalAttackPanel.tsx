import { Button, Group } from '@mantine/core';
import { Plus, Radar } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DigitalAttack } from '#shared/contract/digital-attacks.ts';
import { DIGITAL_ATTACK_FIELDS } from '#shared/model/digital-attacks.ts';
import type { CaseId, IncidentId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel } from '../../ui/Panel.tsx';
import { AttackForm, attackState, blankAttack } from './AttackForm.tsx';
import { SafeText } from './SafeText.tsx';

/** What is particular to the digital attacks that an incident tells. */
export function DigitalAttackPanel(props: {
  incidentId: IncidentId;
  caseId: CaseId | null;
}): JSX.Element | null {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  const words = useErrorText();
  const query = useQuery('digitalAttacks.list', { incidentId: props.incidentId });
  const [open, setOpen] = useState<DigitalAttack | 'new' | null>(null);
  const rows = query.data?.rows ?? [];
  return (
    <Panel
      title={t('attack.title')}
      Icon={Radar}
      extra={
        <Button size="compact-sm" leftSection={<Plus size={15} />} onClick={() => setOpen('new')}>
          {t('attack.add')}
        </Button>
      }
    >
      {query.error !== null && <Notice tone="danger">{words(query.error)}</Notice>}
      {rows.length === 0 && <p className="rg-muted">{t('attack.none')}</p>}
      {rows.map((attack) => (
        <section key={attack.id} aria-label={term('digitalAttack', attack.type)} style={{ marginBottom: 12 }}>
          <Group justify="space-between" mb={4}>
            <strong>{term('digitalAttack', attack.type)}</strong>
            <Button size="compact-xs" onClick={() => setOpen(attack)}>
              {t('attack.complete')}
            </Button>
          </Group>
          <Facts
            items={DIGITAL_ATTACK_FIELDS.filter((field) => attack.details[field] !== undefined).map(
              (field) => [
                term('digitalAttackField', field),
                <SafeText key={field} text={attack.details[field] ?? ''} />,
              ],
            )}
          />
        </section>
      ))}
      {open !== null && (
        <AttackForm
          key={open === 'new' ? 'new' : open.id}
          initial={
            open === 'new' ? blankAttack(props.incidentId, props.caseId) : attackState(open, props.caseId)
          }
          onClose={() => setOpen(null)}
        />
      )}
    </Panel>
  );
}
