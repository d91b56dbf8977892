import { createDispatch, type CallRequest } from './api/dispatch.ts';
import { createGrants } from './api/grants.ts';
import { createViews } from './api/views.ts';
import { Tasks } from './api/tasks.ts';
import type { AllHandlers } from './api/handlers.ts';
import type { CoreContext, ViewSource } from './context.ts';
import type { BridgeResult } from '#shared/contract/bridge.ts';
import type { Grant } from '#shared/contract/engine-wire.ts';
import type { CoreEvent } from '#shared/contract/events.ts';
import { casesHandlers } from './features/cases/index.ts';
import { consentsHandlers } from './features/consents/index.ts';
import { evidenceHandlers, keepHouse } from './features/evidence/index.ts';
import { filingsHandlers, sweepReleases } from './features/filings/index.ts';
import { incidentsHandlers } from './features/incidents/index.ts';
import { notesHandlers } from './features/notes/index.ts';
import { peopleHandlers } from './features/people/index.ts';
import { searchHandlers } from './features/search/index.ts';
import { settingsHandlers } from './features/settings/index.ts';
import { todayHandlers } from './features/today/index.ts';
import { closeVault, vaultHandlers } from './features/vault/index.ts';
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
  /** Stops tasks, locks, ends parser processes. */
  close(): Promise<void>;
}

/**
 * The only entrance to the core.
 *
 * @param ports everything that it gets from outside; nothing else is read from the world.
 */
export function createCore(ports: Ports): Core {
  const listeners = new Set<(event: CoreEvent) => void>();
  const emit = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event);
    // Leftovers of interrupted releases and intakes; both report their own failures and end when the vault is locked.
    if (event.name === 'session.changed' && event.payload.state === 'open') {
      void sweepReleases(core).then(() => keepHouse(core));
    }
  };
  const tasks = new Tasks(ports.clock, emit);
  const core: CoreContext = {
    ports,
    parser: createParserClient(ports.parsers),
    grants: createGrants(),
    views: createViews(ports.random),
    emit,
    session: null,
    newId: () => uuidV7(ports.clock.now(), ports.random),
    log: (name, code) => {
      ports.logger.write({ event: 'engine', name, ...(code === undefined ? {} : { code }) });
    },
  };
  const handlers: AllHandlers = {
    ...vaultHandlers,
    ...casesHandlers,
    ...peopleHandlers,
    ...incidentsHandlers,
    ...consentsHandlers,
    ...notesHandlers,
    ...evidenceHandlers,
    ...searchHandlers,
    ...draftsHandlers,
    ...settingsHandlers,
    ...todayHandlers,
    ...filingsHandlers,
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
    close: async () => {
      tasks.cancelAll();
      await closeVault(core);
      await core.parser.close();
    },
  };
}
