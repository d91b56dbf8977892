import type { JSX } from 'react';
import { parts } from './mention-model.ts';
import css from './narrative.module.css';

/** Stored text for reading, mentions marked. */
export const MentionedText = ({ stored }: { stored: string }): JSX.Element => (
  <div className={`${css.text ?? ''} rg-private`}>
    {parts(stored).map((part, index) =>
      part.id === null ? part.text : <mark key={index}>{part.text}</mark>,
    )}
  </div>
);
