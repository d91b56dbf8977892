import { app, systemPreferences } from 'electron';

/**
 * What the system would remember of us between two starts: entries in its list of recent documents, and on
 * macOS pictures of our windows.
 */
export const leaveNoTraces = (): void => {
  app.clearRecentDocuments();
  if (process.platform !== 'darwin') return;
  systemPreferences.setUserDefault('NSQuitAlwaysKeepsWindows', 'boolean', false);
};
