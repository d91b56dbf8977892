import { Upload } from 'lucide-react';
import { useState, type JSX } from 'react';
import css from './fields.module.css';

/** Takes files by drop or by a dialogue of the system. Bytes are never read in the window. */
export function DropZone(props: {
  title: string;
  note: string;
  onFiles: (files: File[]) => void;
  onChoose: () => void;
}): JSX.Element {
  const [over, setOver] = useState(false);
  return (
    <button
      type="button"
      className={css.drop}
      data-over={over}
      onClick={props.onChoose}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) props.onFiles(files);
      }}
    >
      <Upload size={20} aria-hidden />
      <span>
        <strong>{props.title}</strong>
        {props.note}
      </span>
    </button>
  );
}
