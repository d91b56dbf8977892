import {
  AudioLines,
  File,
  FileImage,
  FileSpreadsheet,
  FileText,
  Mail,
  Video,
  type LucideIcon,
} from 'lucide-react';
import { createElement, type JSX } from 'react';

const iconOf = (mime: string): LucideIcon => {
  if (mime.startsWith('image/')) return FileImage;
  if (mime.startsWith('audio/')) return AudioLines;
  if (mime.startsWith('video/')) return Video;
  if (mime === 'message/rfc822') return Mail;
  if (/spreadsheet|excel|csv/.test(mime)) return FileSpreadsheet;
  if (mime.startsWith('text/') || /pdf|word|document/.test(mime)) return FileText;
  return File;
};

export const FileIcon = ({ mime, size = 20 }: { mime: string; size?: number }): JSX.Element =>
  createElement(iconOf(mime), { size, 'aria-hidden': true });
