const width = 40

/** A bar on a terminal, one line at the end anywhere else. */
export function progress(total: number) {
  const started = performance.now()
  const shown = process.stderr.isTTY

  function draw(done: number): void {
    const share = done / total
    const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
    process.stderr.write(
      `\r${bar} ${Math.round(share * 100)} %  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    )
  }

  return {
    /** Shows how many are done, and lets the terminal and Ctrl-C have their turn. */
    async at(done: number): Promise<void> {
      if (shown) draw(done)
      await new Promise(resolve => setImmediate(resolve))
    },
    end(): void {
      const milliseconds = performance.now() - started
      if (shown) process.stderr.write('\r\u001b[K')
      const rate = Math.round(total / (milliseconds / 1000)).toLocaleString('en')
      console.log(`${total.toLocaleString('en')} objects in ${(milliseconds / 1000).toFixed(1)} s, ${rate} a second`)
    },
  }
}
