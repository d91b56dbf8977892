import { useEffect, useState } from 'react';

/** Picture bytes as a data address: the page's policy lets nothing else of ours into an image. */
export function usePicture(png: Uint8Array | null | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    setUrl(null);
    if (!png) return undefined;
    const reader = new FileReader();
    reader.onload = () => setUrl(typeof reader.result === 'string' ? reader.result : null);
    reader.readAsDataURL(new Blob([new Uint8Array(png)], { type: 'image/png' }));
    return () => {
      reader.onload = null;
    };
  }, [png]);
  return url;
}
