/** The zoom of the pictures of a view: all of them move together, and the address keeps it. */
import { useSettled } from "./settled";
import { readZoom, writeZoom } from "./zoom";
import type { Zooming } from "./zoom_stage";

export function useZoom(): Zooming & { reset: () => void } {
  const [text, setText] = useSettled("zoom");
  return {
    zoom: readZoom(text),
    onZoom: (zoom) => {
      setText(writeZoom(zoom));
    },
    reset: () => {
      if (text !== null) setText(null);
    },
  };
}
