import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { loader } from '../child.js'

describe('the economy of the examples', () => {
  it('ends with its books balanced, and its log verified', async () => {
    const program = fileURLToPath(new URL('../../examples/economy/main.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...loader, program, '--once'])
    expect(stdout).to.match(/^points +100000 of 100000: the books balance$/m)
    expect(stdout).to.match(/^audit log +\d+ lines, verified$/m)
  })
})
