import { createDispatch, type CallRequest } from './api/dispatch.ts';
import { createGrants } from './api/grants.ts';
import { createTickets } from './api/tickets.ts';
import { createViews } from './api/views.ts';
import { Tasks } from './api/tasks.ts';
import type { AllHandlers } from './api/handlers.ts';
import type { CoreContext, TicketPurpose, ViewSource } from './context.ts';
import type { BridgeResult } from '#shared/contract/bridge.ts';
import type { Grant } from '#shared/contract/engine-wire.ts';
import type { CoreEvent } from '#shared/contract/events.ts';
import { accessHandlers, beginVisibility } from './features/access/index.ts';
import { backupHandlers, sweepRehearsals } from './features/backup/index.ts';
import { casesHandlers } from './features/cases/index.ts';
import { certificatesHandlers } from './features/certificates/index.ts';
import { consentsHandlers } from './features/consents/index.ts';
import { dumpHandlers, sweepDumps } from './features/dump/index.ts';
import { erasureHandlers, sweepDeletions } from './features/erasure/index.ts';
import { evidenceHandlers, keepHouse } from './features/evidence/index.ts';
import { filingsHandlers, sweepReleases } from './features/filings/index.ts';
import { incidentsHandlers } from './features/incidents/index.ts';
import { notesHandlers } from './features/notes/index.ts';
import { peopleHandlers } from './features/people/index.ts';
import { rotationHandlers, rotationPurpose } from './features/rotation/index.ts';
import { safeguardHandlers } from './features/safeguard/index.ts';
import { searchHandlers } from './features/search/index.ts';
import { secondPersonHandlers, secondPersonPurposes } from './features/second-person/index.ts';
import { settingsHandlers } from './features/settings/index.ts';
import { slotPurposes, slotsHandlers } from './features/slots/index.ts';
import { handoutsHandlers } from './features/handouts/index.ts';
import { importHandlers, surveillanceHandlers } from './features/surveillance/index.ts';
import { timelineHandlers } from './features/timeline/index.ts';
import { todayHandlers } from './features/today/index.ts';
import { allowOpenings, closeVault, endOpenings, vaultHandlers } from './features/vault/index.ts';
import { draftsHandlers } from './features/drafts/index.ts';
import { createParserClient } from './parser-host/index.ts';
import { uuidV7 } from './ids.ts';
import type { Ports } from './ports/index.ts';

/** The application without a window: what the engine process, the command line and the tests drive. */
export interface Core {
  /** Answers one call; never rejects. */
  dispatch(request: CallRequest): Promise<BridgeResult>;
  /** Tells of changes after they are committed; the answer ends that. */
  subscribe(listener: (event: CoreEvent) => void): () => void;
  /** Makes a path (or bytes) that a person chose usable by its id. */
  grant(grant: Grant): void;
  /** Something offered for the viewer by a use case, or null. Each token works once. */
  view(token: string): ViewSource | null;
  /**
   * Stops tasks, ends what is being unlocked or made, locks, ends parser processes. Nothing is opened meanwhile.
   *
   * @param patienceMs how long stopped tasks may take to put away what they had begun, before the vault is locked.
   */
  close(patienceMs?: number): Promise<void>;
}

/**
 * Half of an export or of a dump in clear would lie where it was being written, until the vault is opened again and
 * that place is there. A part of what the shell grants to a lock, and spent only where a task runs.
 */
const TASKS_END_MS = 150;

/**
 * The only entrance to the core.
 *
 * @param ports everything that it gets from outside; nothing else is read from the world.
 */
export function createCore(ports: Ports): Core {
  const listeners = new Set<(event: CoreEvent) => void>();
  const emit = (event: CoreEvent): void => {
    // Before anybody hears of it: the first list must not show more than the second.
    if (event.name === 'session.changed' && event.payload.state === 'open') beginVisibility(core);
    for (const listener of listeners) listener(event);
    // Leftovers of interrupted releases and intakes; both report their own failures and end when the vault is locked.
    if (event.name === 'session.changed' && event.payload.state === 'open') {
      void sweepReleases(core)
        .then(() => sweepDeletions(core))
        .then(() => sweepDumps(core))
        .then(() => keepHouse(core))
        .then(() => sweepRehearsals(core));
    }
  };
  const tasks = new Tasks(ports.clock, emit);
  const core: CoreContext = {
    ports,
    parser: createParserClient(ports.parsers),
    grants: createGrants(),
    views: createViews(ports.random),
    // Everything that asks for a passphrase in an open vault.
    tickets: createTickets(ports, [
      ...slotPurposes,
      rotationPurpose as TicketPurpose<unknown>,
      ...(secondPersonPurposes as readonly TicketPurpose<unknown>[]),
    ]),
    emit,
    session: null,
    newId: () => uuidV7(ports.clock.now(), ports.random),
    log: (name, code) => {
      ports.logger.write({ event: 'engine', name, ...(code === undefined ? {} : { code }) });
    },
  };
  const handlers: AllHandlers = {
    ...vaultHandlers,
    ...slotsHandlers,
    ...rotationHandlers,
    ...accessHandlers,
    ...casesHandlers,
    ...peopleHandlers,
    ...incidentsHandlers,
    ...consentsHandlers,
    ...notesHandlers,
    ...evidenceHandlers,
    ...searchHandlers,
    ...draftsHandlers,
    ...settingsHandlers,
    ...backupHandlers,
    ...todayHandlers,
    ...filingsHandlers,
    ...secondPersonHandlers,
    ...erasureHandlers,
    ...dumpHandlers,
    ...surveillanceHandlers,
    ...importHandlers,
    ...handoutsHandlers,
    ...timelineHandlers,
    ...certificatesHandlers,
    ...safeguardHandlers,
    'tasks.list': () => ({ rows: tasks.list() }),
    'tasks.cancel': (_call, input) => ({ found: tasks.cancel(input.id) }),
  };
  const dispatch = createDispatch(core, handlers, tasks);
  return {
    dispatch,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    grant: (grant) => {
      core.grants.add(grant);
    },
    view: (token) => core.views.find(token),
    close: async (patienceMs = TASKS_END_MS) => {
      tasks.cancelAll();
      // What is only being unlocked or made is no session yet.
      await endOpenings(core);
      await tasks.ended(patienceMs);
      await closeVault(core);
      await core.parser.close();
      allowOpenings(core);
      tasks.allow();
    },
  };
}
