import { Button } from '@mantine/core';
import { PhoneCall } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { host } from '../../api/bridge.ts';

const clock = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
};

/** During a call nobody types: for half an hour idling does not lock. The end is counted down and comes by itself. */
export function CallMode(): JSX.Element {
  const { t } = useTranslation('safeguard');
  const [until, setUntil] = useState<number | null>(null);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    void host()
      .facts()
      .then((facts) => setUntil(facts.keepOpenUntilMs));
  }, []);
  useEffect(() => {
    if (until === null) return undefined;
    const tick = (): void => {
      const at = Date.now();
      setNow(at);
      if (at >= until) setUntil(null);
    };
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  const toggle = (): void =>
    void host()
      .keepOpen(until === null)
      .then(setUntil);
  const left = until === null ? '' : clock(until - now);
  return (
    <Button
      px={10}
      aria-pressed={until !== null}
      {...(until === null ? {} : { variant: 'filled', color: 'teal.8' })}
      aria-label={until === null ? t('call.start') : t('call.stop', { left })}
      title={until === null ? t('call.start') : t('call.stop', { left })}
      onClick={toggle}
    >
      <PhoneCall size={18} aria-hidden />
      {until !== null && (
        <span className="rg-num" style={{ marginInlineStart: 7 }} role="timer">
          {left}
        </span>
      )}
    </Button>
  );
}
