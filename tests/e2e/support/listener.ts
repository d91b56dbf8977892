import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on loopback that writes down whatever reaches it. */
export interface Listener {
  readonly origin: string;
  /** `METHOD /path` of every request, and `connect` for every connection. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** With `files`, also serves those, without any policy: the pages of the control. */
export const listen = async (
  files: (path: string) => { type: string; bytes: Buffer } | null = () => null,
): Promise<Listener> => {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    seen.push(`${request.method ?? ''} ${path}`);
    const file = files(path);
    if (file === null)
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Access-Control-Allow-Origin': '*' }).end('x');
    else response.writeHead(200, { 'Content-Type': file.type }).end(file.bytes);
  });
  server.on('upgrade', (request, socket) => {
    seen.push(`UPGRADE ${request.url ?? ''}`);
    socket.destroy();
  });
  server.on('connection', (socket) => {
    seen.push('connect');
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
};
