import { suffixList } from '../matching/suffix-list.ts';
import { closeFence } from './fence.ts';
import { openParserPort } from './port.ts';
import { serve } from './serve.ts';
import { WASM_JOBS } from './wasm-jobs.ts';

const port = await openParserPort();
// While nobody waits: the first results need it at once.
suffixList();
closeFence();
serve(port, WASM_JOBS);
