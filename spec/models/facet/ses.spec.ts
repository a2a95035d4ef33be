/** Under `lockdown()` of SES nothing of the language can be replaced: the library works there, and facets hold. */
import { once } from 'node:events'
import { expect } from 'chai'
import { child } from '../../child.js'

describe('facets under lockdown', () => {
  it('hold', async () => {
    const process = child('models/facet/ses-child.ts')
    let said = ''
    process.stdout.on('data', text => {
      said += text
    })
    await once(process, 'close')
    expect(said).to.match(/held in \d+ calls/)
    expect(process.exitCode).to.equal(0)
  })
})
