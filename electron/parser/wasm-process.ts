import { closeFence } from './fence.ts';
import { openParserPort } from './port.ts';
import { serve } from './serve.ts';
import { WASM_JOBS } from './wasm-jobs.ts';

const port = await openParserPort();
closeFence();
serve(port, WASM_JOBS);
