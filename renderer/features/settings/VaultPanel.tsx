import { Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Database, KeyRound } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/hooks.ts';
import { formatBytes, formatInstant, formatMemory, formatNumber } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';

export function VaultPanel(): JSX.Element {
  const { t } = useTranslation(['settings', 'ui']);
  const { term } = useTerms();
  const words = useErrorText();
  const query = useQuery('vault.info', {});
  const info = query.data;
  if (!info) {
    return (
      <Panel title={t('vault')} Icon={Database}>
        {query.error ? (
          <Notice tone="danger">{words(query.error)}</Notice>
        ) : (
          <Loader size="sm" role="status" aria-label={t('ui:loading')} />
        )}
      </Panel>
    );
  }
  return (
    <>
      <Panel title={t('vault')} Icon={Database}>
        <Facts
          items={[
            [t('use'), t(info.use)],
            [t('created'), formatInstant(info.createdAt)],
            [
              t('counts'),
              t('countsText', {
                cases: formatNumber(info.counts.cases),
                incidents: formatNumber(info.counts.incidents),
                persons: formatNumber(info.counts.persons),
                evidence: formatNumber(info.counts.evidence),
              }),
            ],
            [t('journal'), formatNumber(info.counts.journal)],
            [t('evidenceBytes'), formatBytes(info.evidenceBytes)],
            [t('cipher'), info.cipher],
            [t('kdf'), t('kdfText', { ops: info.kdf.ops, memory: formatMemory(info.kdf.memoryBytes) })],
            [
              t('vaultId'),
              <span key="v" className="rg-mono">
                {info.vaultId}
              </span>,
            ],
          ]}
        />
      </Panel>
      <Panel title={t('people')} Icon={KeyRound} extra={<Link to="/keys">{t('manage')}</Link>} flush>
        <Rows>
          {info.people.map((person) => (
            <Row
              key={`${person.name}${person.since}`}
              title={<span className="rg-private">{person.name}</span>}
              note={person.powers.map((power) => term('power', power)).join(' · ')}
              end={t('since', { when: formatInstant(person.since, false) })}
            />
          ))}
        </Rows>
      </Panel>
    </>
  );
}
