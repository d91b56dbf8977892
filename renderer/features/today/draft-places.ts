import { linkOptions } from '@tanstack/react-router';
import { kindOfDraft } from '../../lib/draft-kinds.ts';

/** Where a draft is gone on with: the page that its form is on, which is told the draft. */
export function placeOfDraft(form: string, id: string) {
  const [, of = ''] = form.split(':');
  const search = { draft: id };
  switch (kindOfDraft(form)) {
    case 'emergency':
      return linkOptions({ to: '/emergency', search });
    case 'incident':
      return of === ''
        ? linkOptions({ to: '/incidents/new', search })
        : linkOptions({ to: '/incidents/$incidentId/edit', params: { incidentId: of }, search });
    case 'case':
      return of === ''
        ? linkOptions({ to: '/cases/new', search })
        : linkOptions({ to: '/cases/$caseId/edit', params: { caseId: of }, search });
    case 'person':
      return of === ''
        ? linkOptions({ to: '/people/new', search })
        : linkOptions({ to: '/people/$personId/edit', params: { personId: of }, search });
    case 'message':
      return of === ''
        ? linkOptions({ to: '/surveillance/messages/new', search })
        : linkOptions({ to: '/surveillance/messages/$messageId/edit', params: { messageId: of }, search });
    case 'reception':
      return linkOptions({ to: '/surveillance/receive', search });
    case 'device':
      return linkOptions({ to: '/surveillance/devices/$deviceId/edit', params: { deviceId: of }, search });
    case 'examine':
      return linkOptions({ to: '/surveillance/devices/$deviceId/examine', params: { deviceId: of }, search });
    case 'custody':
    case 'return':
      return linkOptions({ to: '/surveillance/devices/$deviceId', params: { deviceId: of }, search });
    case 'examination':
      return linkOptions({
        to: '/surveillance/examinations/$examinationId/edit',
        params: { examinationId: of },
        search,
      });
    case 'finding':
      return linkOptions({
        to: '/surveillance/examinations/$examinationId',
        params: { examinationId: of },
        search,
      });
    case 'review':
      return linkOptions({ to: '/surveillance', search: { ...search, tab: 'findings' } });
    case 'notification':
      return linkOptions({ to: '/surveillance', search: { ...search, tab: 'notifications' } });
    case 'attack':
      return linkOptions({ to: '/surveillance', search: { ...search, tab: 'attacks' } });
    case 'consent':
    case 'withdrawal':
      return linkOptions({
        to: '/cases/$caseId',
        params: { caseId: of },
        search: { ...search, tab: 'people' },
      });
    case 'milestone':
      return linkOptions({
        to: '/cases/$caseId',
        params: { caseId: of },
        search: { ...search, tab: 'timeline' },
      });
    // Notes find their drafts themselves.
    case 'note':
      return linkOptions({ to: '/cases/$caseId', params: { caseId: of } });
  }
}
