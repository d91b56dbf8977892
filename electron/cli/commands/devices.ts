import {
  DEVICE_KINDS,
  EXAMINATION_BASES,
  EXAMINATION_METHODS,
  POWER_STATES,
} from '#shared/model/surveillance.ts';
import { isAppError } from '#shared/errors.ts';
import { personIdSchema } from '#shared/model/ids.ts';
import { deviceIdSchema, examinationIdSchema, indicatorSetIdSchema } from '#shared/model/surveillance-ids.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, ONE_WORD, valued, type Command } from '../command.ts';
import { given, idOf, maybeCase, maybeId } from '../ids.ts';
import { labelOf } from '../labels.ts';
import { instantGiven } from '../local-time.ts';
import { sizeText, table, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { Refusal } from '../usage-error.ts';

type Device = CallOutput<'devices.get'>;

/** Steps of custody that a person enters; the first and the last come with reception and return. */
const STEPS = ['sealed', 'unsealed', 'switchedOn', 'copied', 'examined', 'transferred', 'destroyed'] as const;
const SEALS = ['yes', 'no', 'notSealed'] as const;

/** When it was, as `--at` says it; now where it says nothing. */
const momentOf = (args: Arguments): string =>
  args.value('at') === undefined ? new Date().toISOString() : instantGiven('at', args.need('at'));

const list = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    const found = await client.call('devices.list', { ...(await maybeCase(client, args)), limit: 500 });
    output.result(found, () => [
      ...table(
        found.rows.map((row) => [
          row.id,
          row.caseCode ?? '-',
          labelOf(output, 'deviceKind', row.kind),
          [row.make, row.model].join(' ').trim(),
          labelOf(output, 'deviceState', row.state),
          output.messages.say('devices.counts', {
            examinations: row.examinations,
            toReview: row.findingsToReview,
          }),
        ]),
      ),
      output.messages.say('search.count', { count: found.total }),
    ]);
    return 0;
  });

const deviceLines = (device: Device, output: Output): string[] => [
  `${labelOf(output, 'deviceKind', device.kind)}  ${[device.make, device.model].join(' ').trim()}  ${device.os} ${device.osVersion}`.trim(),
  ...(device.owner === '' ? [] : [output.messages.say('devices.owner', { name: device.owner })]),
  labelOf(output, 'deviceState', device.state),
  ...device.receptions.map(({ folio }) => output.messages.say('devices.folio', { folio })),
  ...device.custody.map(
    ({ at, action, holder, detail }) =>
      `  ${at}  ${labelOf(output, 'deviceCustody', action)}  ${holder}  ${detail}`,
  ),
  ...device.custodyGaps.map(({ position, problem }) =>
    output.messages.say('devices.gap', { position, problem: labelOf(output, 'custodyGap', problem) }),
  ),
];

const show = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(deviceIdSchema, args.positionals[0]);
  return withVault(args, output.messages, async (client) => {
    const device = await client.call('devices.get', { id });
    output.result(device, () => deviceLines(device, output));
    return 0;
  });
};

const add = (args: Arguments, output: Output): Promise<number> => {
  const kind = oneOf('kind', args.need('kind'), DEVICE_KINDS);
  const ownerId = maybeId(personIdSchema, args, 'owner');
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('devices.record', {
      kind,
      ...(await maybeCase(client, args)),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...given(args, {
        ownerWords: 'owner-words',
        make: 'make',
        model: 'model',
        os: 'os',
        osVersion: 'os-version',
        note: 'note',
      }),
    });
    output.result(made, () => [output.messages.say('records.added', { id: made.id })]);
    return 0;
  });
};

/** The reception that is open, which is the one that people mean. Errors: `Refusal` `devices.notHere`. */
const openReception = async (client: Client, device: Device['id']): Promise<Device['receptions'][number]> => {
  const { receptions } = await client.call('devices.get', { id: device });
  const open = receptions.find(({ returned }) => returned === null);
  if (open === undefined) throw new Refusal('devices.notHere');
  return open;
};

const receive = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = idOf(deviceIdSchema, args.positionals[0]);
  const handedById = maybeId(personIdSchema, args, 'by');
  if (handedById === undefined) args.need('from');
  const power = args.values('power').map((state) => oneOf('power', state, POWER_STATES));
  const receivedAt = momentOf(args);
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('receptions.record', {
      deviceId,
      receivedAt,
      power,
      ...(handedById === undefined ? {} : { handedById }),
      ...given(args, {
        handedByWords: 'from',
        relation: 'relation',
        place: 'place',
        condition: 'condition',
        accessories: 'accessories',
        seal: 'seal',
        reason: 'reason',
      }),
    });
    output.result(made, () => [output.messages.say('devices.folio', { folio: made.folio })]);
    return 0;
  });
};

const step = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = idOf(deviceIdSchema, args.positionals[0]);
  const action = oneOf('action', args.need('action'), STEPS);
  const at = momentOf(args);
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('devices.custody', {
      deviceId,
      action,
      at,
      ...given(args, { detail: 'detail', holder: 'holder' }),
    });
    output.result(made, () => [output.messages.say('devices.step', { position: made.position })]);
    return 0;
  });
};

const giveBack = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = idOf(deviceIdSchema, args.positionals[0]);
  const sealIntact = oneOf('seal-intact', args.value('seal-intact') ?? 'notSealed', SEALS);
  const toPersonId = maybeId(personIdSchema, args, 'to-person') ?? null;
  const toWords = toPersonId === null ? args.need('to') : (args.value('to') ?? '');
  const returnedAt = momentOf(args);
  return withVault(args, output.messages, async (client) => {
    const { id, version } = await openReception(client, deviceId);
    const made = await client.call('receptions.return', {
      id,
      version,
      returnedAt,
      toPersonId,
      toWords,
      relation: args.value('relation') ?? '',
      condition: args.value('condition') ?? '',
      sealIntact,
    });
    output.result(made, () => [output.messages.say('devices.returned')]);
    return 0;
  });
};

const receipt = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = idOf(deviceIdSchema, args.positionals[0]);
  const out = args.need('out');
  const language = oneOf('filing-language', args.value('filing-language') ?? 'es', ['es', 'en'] as const);
  return withVault(args, output.messages, async (client) => {
    const { id } = await openReception(client, deviceId);
    const target = client.grantTarget(out, 'targetFile');
    const made = await client.call('receptions.receipt', { id, language, target });
    output.result(made, () => [
      output.messages.say('evidence.saved', { path: out, size: sizeText(made.sizeBytes) }),
      `sha256  ${made.sha256}`,
    ]);
    return 0;
  });
};

const listExaminations = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = maybeId(deviceIdSchema, args, 'device');
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('examinations.list', {
      ...(await maybeCase(client, args)),
      ...(deviceId === undefined ? {} : { deviceId }),
      limit: 500,
    });
    output.result(found, () => [
      ...table(
        found.rows.map((row) => [
          row.id,
          row.device,
          labelOf(output, 'examinationMethod', row.method),
          labelOf(output, 'examinationBasis', row.basis),
          labelOf(output, 'examinationOutcome', row.outcome),
        ]),
      ),
      output.messages.say('search.count', { count: found.total }),
    ]);
    return 0;
  });
};

const showExamination = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(examinationIdSchema, args.positionals[0]);
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('examinations.get', { id });
    const { unread } = found;
    const withdrawn = found.runs.filter((run) => run.withdrawn).length;
    output.result(found, () => [
      `${found.device}  ${found.tool} ${found.toolVersion}`.trim(),
      labelOf(output, 'examinationBasis', found.basis),
      labelOf(output, 'examinationOutcome', found.outcome),
      ...(unread > 0 ? [output.messages.say('examinations.unread', { count: unread })] : []),
      ...(withdrawn > 0 ? [output.messages.say('examinations.withdrawn', { count: withdrawn })] : []),
      ...(['toReview', 'suspicious', 'confirmed', 'falsePositive', 'discarded'] as const).map(
        (state) => `  ${labelOf(output, 'findingState', state)}: ${String(found.counts[state])}`,
      ),
      ...found.sets.map((set) => `  ${set.sha256}  ${set.day ?? '-'}  ${set.name}`),
      ...found.evidence.map((one) => `  ${one.sha256}  ${sizeText(one.sizeBytes)}  ${one.evidenceId}`),
    ]);
    return 0;
  });
};

const addExamination = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = idOf(deviceIdSchema, args.need('device'));
  const basis = oneOf('basis', args.need('basis'), EXAMINATION_BASES);
  const method = oneOf('method', args.value('method') ?? 'other', EXAMINATION_METHODS);
  const basisPersonId = maybeId(personIdSchema, args, 'basis-person');
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('examinations.record', {
      deviceId,
      basis,
      method,
      ...(basisPersonId === undefined ? {} : { basisPersonId }),
      ...given(args, {
        basisWords: 'basis-words',
        tool: 'tool',
        toolVersion: 'tool-version',
        startedAt: 'started',
        endedAt: 'ended',
        examiner: 'examiner',
        organisation: 'organisation',
        limits: 'limits',
        note: 'note',
      }),
    });
    output.result(made, () => [output.messages.say('records.added', { id: made.id })]);
    return 0;
  });
};

const match = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(examinationIdSchema, args.positionals[0]);
  const sets = args.values('set').map((text) => idOf(indicatorSetIdSchema, text));
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const made = await client
      .call('examinations.match', { id, ...(sets.length === 0 ? {} : { sets }) })
      .catch((thrown: unknown) => {
        // An imported folder or copy is evidence of the examination as well, and is compared by another command.
        if (isAppError(thrown) && thrown.code === 'parser.unsupported')
          throw new Refusal('examinations.notText', { id });
        throw thrown;
      });
    output.result(made, () => [
      output.messages.say('examinations.matched', { records: made.records, findings: made.findings }),
      output.messages.say('examinations.matchedTexts', { id }),
      output.messages.say('import.limits'),
    ]);
    return 0;
  });
};

export const deviceCommands: readonly Command[] = [
  {
    words: ['devices', 'list'],
    options: { case: 'value' },
    positionals: NO_WORDS,
    form: '--vault DIR [--case CODE]',
    run: list,
  },
  { words: ['devices', 'show'], options: {}, positionals: ONE_WORD, form: 'DEVICE --vault DIR', run: show },
  {
    words: ['devices', 'add'],
    options: valued('case', 'kind', 'owner', 'owner-words', 'make', 'model', 'os', 'os-version', 'note'),
    positionals: NO_WORDS,
    form: '--vault DIR --kind KIND [--case CODE] [--owner PERSON | --owner-words WORDS] [--make WORDS] [--model WORDS] [--os WORDS] [--os-version WORDS]',
    run: add,
  },
  {
    words: ['devices', 'receive'],
    options: {
      ...valued('by', 'from', 'relation', 'at', 'place', 'condition', 'accessories', 'seal', 'reason'),
      power: 'values',
    },
    positionals: ONE_WORD,
    form: 'DEVICE --vault DIR (--from WORDS | --by PERSON) [--relation WORDS] [--at INSTANT] [--seal NUMBER] [--power STATE]... [--reason WORDS]',
    run: receive,
  },
  {
    words: ['devices', 'step'],
    options: valued('action', 'at', 'detail', 'holder'),
    positionals: ONE_WORD,
    form: `DEVICE --vault DIR --action ${STEPS.join('|')} [--at INSTANT] [--detail WORDS] [--holder WORDS]`,
    run: step,
  },
  {
    words: ['devices', 'return'],
    options: valued('to', 'to-person', 'at', 'relation', 'condition', 'seal-intact'),
    positionals: ONE_WORD,
    form: 'DEVICE --vault DIR (--to WORDS | --to-person PERSON) [--at INSTANT] [--seal-intact yes|no|notSealed]',
    run: giveBack,
  },
  {
    words: ['devices', 'receipt'],
    options: valued('out', 'filing-language'),
    positionals: ONE_WORD,
    form: 'DEVICE --out FILE.pdf --vault DIR [--filing-language es|en]',
    run: receipt,
  },
  {
    words: ['examinations', 'list'],
    options: valued('case', 'device'),
    positionals: NO_WORDS,
    form: '--vault DIR [--case CODE] [--device ID]',
    run: listExaminations,
  },
  {
    words: ['examinations', 'show'],
    options: {},
    positionals: ONE_WORD,
    form: 'EXAMINATION --vault DIR',
    run: showExamination,
  },
  {
    words: ['examinations', 'add'],
    options: valued(
      'device',
      'basis',
      'basis-person',
      'basis-words',
      'method',
      'tool',
      'tool-version',
      'started',
      'ended',
      'examiner',
      'organisation',
      'limits',
      'note',
    ),
    positionals: NO_WORDS,
    form: `--vault DIR --device ID --basis ${EXAMINATION_BASES.join('|')} [--basis-words WORDS] [--method METHOD] [--tool WORDS] [--tool-version WORDS] [--organisation WORDS]`,
    run: addExamination,
  },
  {
    words: ['examinations', 'match'],
    options: { set: 'values' },
    positionals: ONE_WORD,
    form: 'EXAMINATION --vault DIR [--set ID]...',
    run: match,
  },
];
