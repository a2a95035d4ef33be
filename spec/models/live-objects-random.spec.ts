import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { newSeed, random } from '../oracle/random.js'
import { keptFolder } from '../stores/json-file/folder.js'
import { runLinear } from './live-objects/linear.js'
import { runProgram } from './live-objects/programs.js'

const programs = process.env.GATE ? 1000 : 10

describe('live objects, random programs', function () {
  this.timeout(programs * 2000)
  const folder = keptFolder()
  const seed = newSeed()

  it(`are as a list of states says, with a log, SEED=${seed}`, async () => {
    const chance = random(seed)
    for (let program = 0; program < programs; program++) {
      await runProgram(chance, { path: join(mkdtempSync(join(folder, 'log-')), 'data'), steps: 40 })
    }
  })

  it(`are as a list of states says, with the history in the files, SEED=${seed}`, async () => {
    const chance = random(seed)
    for (let program = 0; program < programs; program++) {
      const path = join(mkdtempSync(join(folder, 'inline-')), 'data')
      await runProgram(chance, { path, steps: 40, history: 'inline' })
    }
  })

  it(`go back and forth in the order of time, all objects together, SEED=${seed}`, async () => {
    const chance = random(seed)
    for (let program = 0; program < programs; program++) {
      await runLinear(chance, { steps: 60 })
      if (program % 10 > 0) continue
      await runLinear(chance, { path: join(mkdtempSync(join(folder, 'linear-')), 'data'), steps: 60 })
    }
  })
})
