import en from '#resources/messages/en/shell.json' with { type: 'json' };
import es from '#resources/messages/es/shell.json' with { type: 'json' };

/** The few words that the stand-in itself shows. */
export const previewTexts = (locale: string) => {
  const texts = locale.startsWith('en') ? en : es;
  return {
    mark: { es: es.previewMark, en: en.previewMark },
    prompt: { hint: texts.previewPathPrompt, accept: texts.previewAccept, cancel: texts.previewCancel },
  };
};
