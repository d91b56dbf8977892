import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Shades 8 and 9 carry white text at 4.5:1 or better; lighter ones are only surfaces. */
const teal: MantineColorsTuple = [
  '#eff6f5',
  '#e3efee',
  '#c6dedd',
  '#9fc8c6',
  '#6fabaa',
  '#3f8d8d',
  '#217778',
  '#147071',
  '#0b5d5e',
  '#084b4c',
];
const brick: MantineColorsTuple = [
  '#fcf2f0',
  '#f9e6e2',
  '#f0c8c0',
  '#e4a498',
  '#d37d6e',
  '#c3604f',
  '#b54c3b',
  '#ad4232',
  '#a23a2c',
  '#832d21',
];

/** The look of every Mantine part. The family name begins a word with a digit, so it stays quoted. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 7 },
  colors: { teal, brick },
  fontFamily: "'Source Sans 3', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'DejaVu Sans Mono', Consolas, monospace",
  fontSizes: { xs: '13px', sm: '15px', md: '15px', lg: '18px', xl: '22px' },
  headings: { fontFamily: "'Source Sans 3', system-ui, sans-serif", fontWeight: '600' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 'lg', color: 'gray' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
    Drawer: { defaultProps: { position: 'right', overlayProps: { backgroundOpacity: 0.25 } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Select: { defaultProps: { checkIconPosition: 'right', comboboxProps: { shadow: 'md' } } },
    MultiSelect: { defaultProps: { checkIconPosition: 'right', comboboxProps: { shadow: 'md' } } },
  },
});

const FOLLOWING = {
  '--mantine-color-body': 'var(--rg-panel)',
  '--mantine-color-text': 'var(--rg-ink)',
  '--mantine-color-dimmed': 'var(--rg-muted)',
  '--mantine-color-placeholder': 'var(--rg-muted)',
  '--mantine-color-anchor': 'var(--rg-primary)',
  '--mantine-color-error': 'var(--rg-danger)',
  '--mantine-color-default': 'var(--rg-panel)',
  '--mantine-color-default-hover': 'var(--rg-sunken)',
  '--mantine-color-default-color': 'var(--rg-ink)',
  '--mantine-color-default-border': 'var(--rg-line-strong)',
};

/** Lets Mantine's own parts follow the tokens instead of its greys; under each scheme, where it sets its own. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: FOLLOWING, dark: FOLLOWING });
