/**
 * Runs a batch again and again for some milliseconds. A batch gives the number of operations it did, or, where not all of
 * its time counts, what `timed` gives. Resolves to the milliseconds of one operation, by the clock and of the processor:
 * the latter with all threads of the process, so that the garbage of a variant is paid by it.
 */
export async function measure(run, ms) {
  const total = { operations: 0, wall: 0, cpu: 0 }
  const sinceStart = stopwatch()
  for (;;) {
    const sinceBatch = stopwatch()
    let result = run()
    if (result instanceof Promise) result = await result
    const { operations, wall, cpu } = typeof result === 'number' ? { operations: result, ...sinceBatch() } : result
    total.operations += operations
    total.wall += wall
    total.cpu += cpu
    if (sinceStart().wall >= ms) return { wall: total.wall / total.operations, cpu: total.cpu / total.operations }
  }
}

/** Times a part of a batch. */
export async function timed(operations, work) {
  const since = stopwatch()
  const result = work()
  if (result instanceof Promise) await result
  return { operations, ...since() }
}

function stopwatch() {
  const start = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { wall: performance.now() - start, cpu: (user + system) / 1000 }
  }
}
