import type { MessageFields } from '#shared/contract/suspicious-messages.ts';
import type { CaseId } from '#shared/model/ids.ts';

export const blankMessage = (caseId: CaseId | null): MessageFields => ({
  caseId,
  personId: null,
  deviceId: null,
  incidentId: null,
  channel: 'sms',
  sender: '',
  account: '',
  text: '',
  received: { kind: 'unknown' },
  clicked: 'notAsked',
  clickedWhen: '',
  whatHappened: '',
  others: '',
  context: '',
  note: '',
});
