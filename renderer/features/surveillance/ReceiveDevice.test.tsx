import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { ReceiveDevice } from './ReceiveDevice.tsx';

let engine: DraftEngine;
beforeEach(() => {
  engine = new DraftEngine();
});
afterEach(closePage);
const keep = (made: unknown): void =>
  engine.keep({ id: 'one', form: 'reception', title: 'Galaxy', payload: JSON.stringify({ made }) });
const open = async (): Promise<void> => openPage(ReceiveDevice, {}, { engine, draft: 'one' });
const methods = (): string[] => engine.asked.map(({ method }) => method);

describe('a device that was half received', () => {
  it.each([
    [{ device: 'device-1' }],
    [{ device: { id: 'device-1' } }],
    [{ reception: { id: 'reception-1', version: 1 } }],
    ['device-1'],
    [null],
  ])('is not gone on with where its draft says in another shape what was made: %j', async (made) => {
    keep(made);
    await open();
    expect(document.querySelector('form')).toBeNull();
    expect(document.body.textContent).toContain('Este borrador lo guardó otra versión del programa');
    await press('Descartar borrador');
    expect([...engine.drafts.keys()]).toEqual([]);
    expect(methods().filter((method) => /^(devices|receptions)\./u.test(method))).toEqual([]);
  });

  it('is gone on with where it says what was made, and where nothing was', async () => {
    keep({ device: { id: 'device-1', version: 2, sent: { make: 'Samsung' } } });
    await open();
    expect(document.querySelector('form')).not.toBeNull();
    keep({});
    await open();
    expect(document.querySelector('form')).not.toBeNull();
  });
});
