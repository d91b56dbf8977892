/**
 * Files that a computer may run or install. An antivirus may send such a file to its maker, and a person may start
 * it by a double click: they leave a vault inside an age file unless somebody asks otherwise.
 */
const TYPES: ReadonlySet<string> = new Set([
  'application/vnd.android.package-archive',
  'application/vnd.microsoft.portable-executable',
  'application/x-msdownload',
  'application/x-dosexec',
  'application/x-executable',
  'application/x-elf',
  'application/x-sharedlib',
  'application/x-pie-executable',
  'application/x-mach-binary',
  'application/x-msi',
  'application/x-ms-installer',
  'application/x-ms-shortcut',
  'application/x-apple-diskimage',
  'application/java-archive',
  'application/x-java-archive',
  'application/x-sh',
  'application/x-shellscript',
  'application/x-bat',
  'application/x-powershell',
  'application/javascript',
  'text/javascript',
  'application/x-debian-package',
  'application/x-rpm',
  'application/vnd.debian.binary-package',
  'application/vnd.appimage',
  'application/x-iso9660-image',
]);

/** Without `.bin`: it says nothing, and what runs under that name shows it by its first bytes. */
const ENDINGS =
  /\.(?:apk|xapk|apks|aab|dex|ipa|exe|dll|scr|com|pif|cpl|msi|msix|appx|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|reg|jar|sh|run|elf|so|dylib|dmg|pkg|deb|rpm|appimage|iso|img|docm|xlsm|pptm|xll|chm)$/iu;

/** The harmless test file that every antivirus takes for one of these. */
const EICAR_BYTES = 68;

/** Whether an item may be run, by the type that its content has or the ending of its name. */
export const isExecutable = (item: {
  readonly mime: string;
  readonly originalName: string;
  readonly sizeBytes: number;
}): boolean =>
  TYPES.has(item.mime) ||
  ENDINGS.test(item.originalName.trim()) ||
  (item.sizeBytes >= EICAR_BYTES && /eicar/iu.test(item.originalName));

/** Beginnings of what a computer runs: scripts that name their interpreter, Windows, Linux, Android, macOS, Java. */
const BEGINNINGS: readonly (readonly number[])[] = [
  [0x23, 0x21],
  [0x4d, 0x5a],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x64, 0x65, 0x78, 0x0a],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
];
/** So many bytes of a file tell it. */
export const BEGINNING_BYTES = 4;

/** Whether the first bytes of a file are those of a program, whatever its name and type say. */
export const beginsAsProgram = (head: Uint8Array): boolean =>
  BEGINNINGS.some((bytes) => bytes.every((byte, at) => head[at] === byte));
