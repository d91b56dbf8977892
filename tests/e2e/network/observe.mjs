/*
 * Runs inside a network namespace of its own whose default route is loopback: starts a program, lets it
 * idle, ends it, and prints how far the kernel's counters moved. They count for every process of the
 * namespace, and only what was really sent: a browser's connect() on a UDP socket to learn its own address
 * sends nothing and is not counted.
 *
 * node observe.mjs SECONDS PROGRAM ARGS...
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [seconds, program, ...args] = process.argv.slice(2);

const table = (name) => {
  const lines = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.split(' ').slice(1));
  return Object.fromEntries(lines[0].map((key, at) => [key, Number(lines[1][at])]));
};
const sixth = (key) =>
  Number(new RegExp(`^${key}\\s+(\\d+)`, 'm').exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0);

const counters = () => ({
  tcpOpens: table('Tcp').ActiveOpens,
  udpDatagrams: table('Udp').OutDatagrams + sixth('Udp6OutDatagrams'),
});

const before = counters();
const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
let errors = '';
child.stderr.on('data', (data) => (errors += data));
let exit = null;
child.on('exit', (code, signal) => (exit = code ?? signal));
await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
const endedEarly = exit !== null;
const after = counters();
if (!endedEarly) child.kill('SIGTERM');
setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
await new Promise((done) => (exit === null ? child.on('exit', done) : done()));
process.stdout.write(
  JSON.stringify({
    tcpOpens: after.tcpOpens - before.tcpOpens,
    udpDatagrams: after.udpDatagrams - before.udpDatagrams,
    endedEarly,
    exit,
    errors: errors.slice(0, 2000),
  }),
);
