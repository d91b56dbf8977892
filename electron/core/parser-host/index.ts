export { createParserClient } from './create-parser-client.ts';
export type { ParserClientLimits, ParserClientOptions } from './create-parser-client.ts';
