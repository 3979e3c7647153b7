// Work that is done a few at a time.

/** `run(work, signal)`: the work's result. What was left before its turn came is never begun. */
export function createLanes(most) {
  const waiting = [];
  let running = 0;

  function next() {
    while (running < most && waiting.length > 0) {
      const { work, signal, resolve, reject } = waiting.shift();
      if (signal?.aborted) {
        reject(signal.reason);
        continue;
      }
      running += 1;
      work()
        .then(resolve, reject)
        .finally(() => {
          running -= 1;
          next();
        });
    }
  }

  return (work, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ work, signal, resolve, reject });
      next();
    });
}
