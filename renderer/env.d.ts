declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
// After the modules: the first pattern that fits is taken.
declare module '*.css';
declare module '@fontsource/source-sans-3/*';
