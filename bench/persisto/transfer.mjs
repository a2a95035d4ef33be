import { join } from 'node:path'
import { library } from '../library.mjs'

/** Transfers between 1,000 accounts on the default, lasting, in a journal of double entries, 64 at once. */
export default {
  title: 'transfers of points',
  operations: ['transfer'],
  waiting: ['transfer'],
  processes: 1,
  rounds: 15,
  slice: 300,
  variants: {
    Holdfast: folder => transferring(folder, false),
    'with an audit log': folder => transferring(folder, true),
  },
  rows: [
    { what: 'persisto: transfer, lasting, 64 at once', operation: 'transfer' },
    {
      what: 'persisto: transfer with an audit log',
      operation: 'transfer',
      subject: 'with an audit log',
      to: 'Holdfast',
    },
  ],
}

async function transferring(folder, logged) {
  const { persisto } = await library('models/persisto.js')
  const { audit } = await library('models/persisto/audit.js')
  const path = join(folder, logged ? 'logged' : 'plain')
  const logger = logged ? await audit({ path: `${path}-audit` }) : undefined
  const db = await persisto({ path, logger, assets: { agent: ['name'] } })
  await db.mintPoints(1_000_000)
  const agents = await Promise.all(Array.from({ length: 1000 }, () => db.createAgent()))
  await Promise.all(agents.map(({ id }) => db.rewardUser(id, 1000)))
  let asked = 0
  const any = () => agents[(asked++ * 7919) % agents.length].id
  return {
    end: () => db.shutDown(),
    answer: () => 'transferred',
    async transfer() {
      await Promise.all(Array.from({ length: 64 }, () => db.transferPoints('0.000001', any(), any())))
      return 64
    },
  }
}
