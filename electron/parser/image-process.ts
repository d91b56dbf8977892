import { closeFence } from './fence.ts';
import { IMAGE_JOBS } from './image-jobs.ts';
import { openParserPort } from './port.ts';
import { serve } from './serve.ts';

const port = await openParserPort();
// `sharp` loaded its library with the import above; from here on nothing native can be loaded.
closeFence();
serve(port, IMAGE_JOBS);
