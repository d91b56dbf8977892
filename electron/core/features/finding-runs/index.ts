export {
  alteredRuns,
  digestLine,
  intactAmong,
  intactRunsOf,
  isRunIntact,
  renewDigests,
} from './run-digest-repo.ts';
