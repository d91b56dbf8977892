import type { Handlers } from '../../api/handlers.ts';
import { read } from '../../db/index.ts';
import { notesPage } from './note-repo.ts';
import { amendNote, writeNote } from './write-note.ts';

export const notesHandlers: Handlers<'notes.write' | 'notes.amend' | 'notes.list'> = {
  'notes.write': writeNote,
  'notes.amend': amendNote,
  'notes.list': (call, input) => {
    const page = read(call, (db) => notesPage(db, input.caseId, input.limit, input.offset));
    return page;
  },
};
