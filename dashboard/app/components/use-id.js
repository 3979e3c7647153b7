// Ids that tie a label to what it names.
import { useState } from '../html.js';

let last = 0;

export function useId() {
  const [id] = useState(() => `id-${(last += 1)}`);
  return id;
}
