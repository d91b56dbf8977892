import { sql } from '../../electron/core/db/index.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { openDirectly } from './stored-text.ts';

/**
 * What somebody does who has the key and no respect: what was observed changes in a locked vault, the signed record of
 * the comparison does not.
 */
export const rewriteFindings = async (
  ports: Ports,
  folder: string,
  examinationId: string,
  observed: string,
): Promise<void> => {
  const vault = await openDirectly(ports, folder);
  vault.db.connection.run(
    sql`UPDATE main.finding SET observed = ${observed} WHERE examination_id = ${examinationId}`,
  );
  await vault.close();
};
