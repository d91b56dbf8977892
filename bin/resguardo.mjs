#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/* The command line. In a fresh clone the program is built first; in an installed package it is there. */

const built = new URL('../out/main/cli.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  const { ensureInstalled } = await import('../scripts/lib/install.mjs');
  await ensureInstalled();
  const { buildCommandLine } = await import('../scripts/lib/build.mjs');
  if (!(await buildCommandLine())) process.exit(1);
}
const { main } = await import(built.href);
process.exitCode = await main(process.argv.slice(2));
