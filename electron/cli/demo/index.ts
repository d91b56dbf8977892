import { rmSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAppError } from '#shared/errors.ts';
import { openClient, type Client } from '../client.ts';
import { checkPackage, checkSearchWorks } from './check-package.ts';
import { makeEvidence, writeEvidence } from './evidence-files.ts';
import { readExampleCase } from './example-case.ts';
import { exportFor, type Released } from './export-for.ts';
import { loadCase, type LoadedCase } from './load-case.ts';
import { createTruth, type Truth } from './truth.ts';
import { WITHHELD_FROM_PUBLIC, WITHHELD_FROM_STATE_BODIES } from './withheld.ts';

const PASSPHRASE = 'cinco palabras ficticias para practicar aquí';
const root = process.cwd();
const folder = resolve(root, 'demo-output');

const makeVault = async (truth: Truth, client: Client, vault: string): Promise<void> => {
  const target = client.grantVault(vault, 'create');
  const made = await client.call('vault.create', {
    folder: target,
    use: 'practice',
    ownerName: 'Julia Bermejo Anaya',
    passphrase: PASSPHRASE,
  });
  truth.claim('bóveda de práctica creada y abierta', made.state === 'open' && made.use === 'practice');
};

const document = async (
  truth: Truth,
  client: Client,
  files: Awaited<ReturnType<typeof makeEvidence>>,
  paths: Map<string, string>,
): Promise<LoadedCase> => {
  const example = readExampleCase(
    readFileSync(join(root, 'resources/example-case/radio-y-agua.yaml'), 'utf8'),
  );
  const loaded = await loadCase(client, example, files, paths);
  const { counts } = await client.call('vault.info', {});
  truth.claim(
    '12 incidentes con 24 actos',
    counts.incidents === 12 && loaded.acts === 24,
    JSON.stringify(counts),
  );
  truth.claim(
    `${files.length} evidencias dentro, ${loaded.consents} consentimientos`,
    counts.evidence === files.length,
  );
  const { hits } = await client.call('search.everything', { text: 'camioneta gris' });
  truth.claim(
    'la búsqueda «camioneta gris» encuentra incidentes',
    hits.some((hit) => hit.kind === 'incident'),
  );
  const accents = await client.call('search.everything', { text: 'comunicacion' });
  truth.claim('la búsqueda no distingue acentos', accents.hits.length > 0);
  return loaded;
};

/** Values that stand in clear in any file below a folder. */
const inClear = (below: string, values: readonly string[]): string[] => {
  const found = new Set<string>();
  for (const entry of readdirSync(below, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    for (const value of values) {
      if (bytes.includes(Buffer.from(value, 'utf8')) || bytes.includes(Buffer.from(value, 'utf16le'))) {
        found.add(value);
      }
    }
  }
  return [...found];
};

const checkAtRest = (truth: Truth, vault: string, scratch: string, values: readonly string[]): void => {
  const control = join(scratch, 'control');
  mkdirSync(control, { recursive: true });
  writeFileSync(join(control, 'utf-8'), `xx${values.slice(1).join('|')}`);
  writeFileSync(join(control, 'utf-16'), Buffer.from(values[0] ?? '', 'utf16le'));
  truth.claim(
    'control: lo que está en claro se encuentra',
    inClear(control, values).length === values.length,
  );
  const found = inClear(vault, values);
  truth.claim('en los archivos de la bóveda no hay nada en claro', found.length === 0, found.join(', '));
};

const main = async (): Promise<number> => {
  process.umask(0o077);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const truth = createTruth((line) => process.stdout.write(`${line}\n`), process.env['CI'] === 'true');
  const vault = join(folder, 'boveda');
  const scratch = join(folder, 'revision');
  const client = await openClient({ practiceOnly: true, profileFolder: null });
  try {
    truth.part('Un caso ficticio con archivos de verdad');
    const files = await makeEvidence();
    const paths = writeEvidence(join(folder, 'originales'), files);
    truth.tell(`${files.length} archivos en ${join(folder, 'originales')}`);
    checkSearchWorks(
      truth,
      files.flatMap((file) => {
        const path = paths.get(file.id);
        const hides = file.hides.filter(
          (value) => !['E-02', 'E-04'].includes(file.id) || file.name.includes(value),
        );
        return path === undefined ? [] : [{ path, hides }];
      }),
      join(scratch, 'originales'),
    );

    truth.part('Una bóveda y su expediente');
    await makeVault(truth, client, vault);
    const loaded = await document(truth, client, files, paths);

    truth.part('Solicitud de medidas cautelares a la CIDH');
    const iachr = await exportFor(truth, client, loaded, {
      profile: 'iachr-precautionary',
      recipient: 'Comisión Interamericana de Derechos Humanos',
      folder: join(folder, 'cidh'),
    });
    checkReleased(truth, iachr, WITHHELD_FROM_STATE_BODIES, join(scratch, 'cidh'));
    await verifyByUs(truth, client, iachr);

    truth.part('Informe público');
    const open = await exportFor(truth, client, loaded, {
      profile: 'public',
      recipient: 'Informe público semestral',
      folder: join(folder, 'publico'),
    });
    checkReleased(truth, open, WITHHELD_FROM_PUBLIC, join(scratch, 'publico'));
    await verifyByUs(truth, client, open);

    truth.part('Después');
    const { rows } = await client.call('exports.ledger', { caseId: loaded.id });
    truth.claim('las dos salidas están en el registro de entregas', rows.length === 2);
    const report = await client.call('vault.check', { objects: 'content' });
    truth.claim(
      `la revisión completa de la bóveda no encuentra daños (${report.checked.objects} objetos, ${report.checked.journal} asientos)`,
      report.ok,
      JSON.stringify(report.findings.slice(0, 5)),
    );
    await client.call('vault.lock', {});
    checkAtRest(truth, vault, scratch, [
      'Maricela',
      'Rosario Guerrero',
      'Piedra Honda',
      '000 555 01 27',
      'EXP-2025-014',
      'Julia Bermejo',
    ]);
  } catch (thrown) {
    const code = isAppError(thrown)
      ? `${thrown.code}${thrown.field === undefined ? '' : ` (${thrown.field})`}`
      : String(thrown);
    truth.claim('la demostración llegó al final', false, code);
    if (process.env['RESGUARDO_DEMO_TRACE'] === '1')
      process.stderr.write(`${String((thrown as Error).stack)}\n`);
  } finally {
    await client.close();
  }
  rmSync(scratch, { recursive: true, force: true });
  const { claims, untrue, missing } = truth.counts();
  writeFileSync(join(folder, 'resultado.json'), `${JSON.stringify({ claims, untrue, missing }, null, 2)}\n`);
  process.stdout.write(
    `\n${claims} afirmaciones, ${untrue} falsas${missing > 0 ? `, ${missing} sin comprobar` : ''}. Todo está en ${folder}\n`,
  );
  process.stdout.write(`La frase de acceso de la bóveda de práctica es: ${PASSPHRASE}\n`);
  return untrue === 0 ? 0 : 1;
};

const checkReleased = (
  truth: Truth,
  released: Released,
  withheld: readonly string[],
  scratch: string,
): void => {
  const inside = checkPackage(truth, released, withheld, scratch);
  for (const path of inside) truth.tell(path.slice(scratch.length + 1));
};

const verifyByUs = async (truth: Truth, client: Client, released: Released): Promise<void> => {
  const [first] = released.files.filter((path) => path.endsWith('.zip'));
  const result = await client.call('exports.verify', {
    target: client.grantTarget(first ?? released.folder, 'targetFolder'),
    ...(released.publicKey === null ? {} : { publicKey: released.publicKey }),
  });
  truth.claim('resguardo verify: íntegro', result.intact, JSON.stringify(result.problems));
  if (released.publicKey === null)
    truth.claim(
      'resguardo verify: no está firmado, y lo dice',
      result.signed === false && result.authentic === null,
    );
  else truth.claim('resguardo verify: la firma corresponde', result.authentic === true);
};

process.exitCode = await main();
