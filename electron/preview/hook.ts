import { register } from 'node:module';

let registered = false;

/**
 * Makes `import 'electron'` of the built main program mean the stand-in, and hands the launch number of the
 * importing module on to it. Everything else resolves as always.
 */
export const registerStandIn = (standInUrl: string): void => {
  if (registered) return;
  registered = true;
  const source = `
    export async function resolve(specifier, context, next) {
      if (specifier !== 'electron') return next(specifier, context);
      const url = new URL(${JSON.stringify(standInUrl)});
      url.search = context.parentURL === undefined ? '' : new URL(context.parentURL).search;
      return { url: url.href, shortCircuit: true };
    }`;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
};
