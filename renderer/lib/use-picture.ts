import { useEffect, useState } from 'react';

/** An address for picture bytes that lives as long as the component: nothing stays behind in memory. */
export function usePicture(png: Uint8Array | null | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!png) {
      setUrl(null);
      return undefined;
    }
    const made = URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [png]);
  return url;
}
