import { expect } from 'chai'
import { turns } from '../../stores/directory/turns.js'

describe('turns of processes', () => {
  it('take in who waited, however long the process was held up before he came', async () => {
    const { now } = performance
    let time = now.call(performance)
    // whatever happens takes longer than a turn
    performance.now = () => {
      time += 25
      return time
    }
    try {
      let held = 0
      const { gate, reading, leave } = turns({
        async take() {
          held++
          return async () => void held--
        },
        async taken() {},
      })
      for (const enter of [() => gate.write(), () => reading(), () => gate.read()]) {
        const release = await enter()
        expect(held).to.equal(1)
        release()
        await leave()
        expect(held).to.equal(0)
      }
    } finally {
      performance.now = now
    }
  })
})
