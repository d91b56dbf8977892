export {
  alteredRuns,
  digestLine,
  intactAmong,
  intactRunsOf,
  isRunIntact,
  renewDigests,
} from './run-digest-repo.ts';
export { devicesComparedWith, isWithdrawn, STANDING_FINDING, withdrawRuns } from './withdrawn-run-repo.ts';
