import backup from './es/backup.json' with { type: 'json' };
import cases from './es/cases.json' with { type: 'json' };
import common from './es/common.json' with { type: 'json' };
import evidence from './es/evidence.json' with { type: 'json' };
import exportsWords from './es/exports.json' with { type: 'json' };
import findings from './es/findings.json' with { type: 'json' };
import help from './es/help.json' with { type: 'json' };
import imports from './es/imports.json' with { type: 'json' };
import incidents from './es/incidents.json' with { type: 'json' };
import keys from './es/keys.json' with { type: 'json' };
import messages from './es/messages.json' with { type: 'json' };
import people from './es/people.json' with { type: 'json' };
import safeguard from './es/safeguard.json' with { type: 'json' };
import settings from './es/settings.json' with { type: 'json' };
import surveillance from './es/surveillance.json' with { type: 'json' };
import terms from '#resources/vocabularies/es.json' with { type: 'json' };
import timeline from './es/timeline.json' with { type: 'json' };
import today from './es/today.json' with { type: 'json' };
import ui from './es/ui.json' with { type: 'json' };
import unlock from './es/unlock.json' with { type: 'json' };

export const es = {
  common,
  ui,
  unlock,
  today,
  cases,
  incidents,
  people,
  evidence,
  exports: exportsWords,
  settings,
  keys,
  backup,
  safeguard,
  surveillance,
  findings,
  imports,
  messages,
  timeline,
  help,
  terms,
};
