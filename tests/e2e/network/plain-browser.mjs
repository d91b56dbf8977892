/* The control: the same browser as automation starts it, with nothing switched off. */
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.argv[2],
  chromiumSandbox: process.getuid() !== 0,
  handleSIGTERM: false,
});
const page = await (await browser.newContext()).newPage();
await page.goto('http://resguardo-control.example/').catch(() => undefined);
process.once('SIGTERM', () => void browser.close().then(() => process.exit(0)));
await new Promise(() => setInterval(() => undefined, 1000));
