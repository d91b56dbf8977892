#!/usr/bin/env node
import { commandLineIsCurrent } from '../scripts/lib/current.mjs';

/* The command line. In a fresh or updated clone it is built first; in an installed package it is there. */

const built = new URL('../out/main/cli.js', import.meta.url);
if (!commandLineIsCurrent()) {
  const { ensureInstalled } = await import('../scripts/lib/install.mjs');
  await ensureInstalled();
  const { buildCommandLine } = await import('../scripts/lib/build.mjs');
  if (!(await buildCommandLine())) process.exit(1);
}
const { main } = await import(built.href);
process.exitCode = await main(process.argv.slice(2));
