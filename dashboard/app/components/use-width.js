// How wide an element is, as long as it is there.
import { useLayoutEffect, useRef, useState } from '../html.js';

/** `[ref, width]`; 0 before the element has been measured. */
export function useWidth() {
  const ref = useRef(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.floor(ref.current.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(ref.current);
    measure();
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
