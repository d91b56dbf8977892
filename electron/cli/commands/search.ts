import { SEARCH_KINDS } from '#shared/contract/search.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault } from '../client.ts';
import type { Command } from '../command.ts';
import type { Output } from '../output.ts';
import { findCase } from './evidence.ts';

const search = (args: Arguments, output: Output): Promise<number> => {
  const text = args.positionals.join(' ');
  const kinds = args.values('kind').map((kind) => oneOf('kind', kind, SEARCH_KINDS));
  return withVault(args, output.messages, async (client) => {
    const code = args.value('case');
    const found = await client.call('search.everything', {
      text,
      ...(kinds.length === 0 ? {} : { kinds }),
      ...(code === undefined ? {} : { caseId: await findCase(client, code) }),
    });
    output.result(found, () => [
      ...found.hits.flatMap((hit) => [
        `${output.messages.say(`kind.${hit.kind}`)}  ${hit.id}  ${hit.title}`,
        `    ${hit.snippet.map((part) => (part.hit ? `[${part.text}]` : part.text)).join('')}`,
      ]),
      output.messages.say(found.more ? 'search.more' : 'search.count', { count: found.hits.length }),
    ]);
    return 0;
  });
};

export const searchCommands: readonly Command[] = [
  {
    words: ['search'],
    options: { kind: 'values', case: 'value' },
    positionals: { min: 1, max: 50 },
    form: 'WORDS... --vault DIR [--case CODE] [--kind KIND]...',
    run: search,
  },
];
