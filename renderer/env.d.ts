declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
// After the modules: the first pattern that fits is taken.
declare module '*.css';
declare module '@fontsource/source-sans-3/*';
/** Files as text, put in while a test is built. */
interface ImportMeta {
  glob(
    pattern: string,
    options: { query: '?raw'; import: 'default'; eager: true },
  ): Readonly<Record<string, string>>;
}
