import backup from './en/backup.json' with { type: 'json' };
import cases from './en/cases.json' with { type: 'json' };
import common from './en/common.json' with { type: 'json' };
import evidence from './en/evidence.json' with { type: 'json' };
import exportsWords from './en/exports.json' with { type: 'json' };
import findings from './en/findings.json' with { type: 'json' };
import help from './en/help.json' with { type: 'json' };
import imports from './en/imports.json' with { type: 'json' };
import incidents from './en/incidents.json' with { type: 'json' };
import keys from './en/keys.json' with { type: 'json' };
import messages from './en/messages.json' with { type: 'json' };
import people from './en/people.json' with { type: 'json' };
import safeguard from './en/safeguard.json' with { type: 'json' };
import settings from './en/settings.json' with { type: 'json' };
import surveillance from './en/surveillance.json' with { type: 'json' };
import terms from '#resources/vocabularies/en.json' with { type: 'json' };
import timeline from './en/timeline.json' with { type: 'json' };
import today from './en/today.json' with { type: 'json' };
import ui from './en/ui.json' with { type: 'json' };
import unlock from './en/unlock.json' with { type: 'json' };

export const en = {
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
