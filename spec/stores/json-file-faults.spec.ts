import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { type ErrorName, isStoreError } from '../../lib/errors.js'
import { jsonFile } from '../../stores/json-file.js'
import { type Call, type Fault, type FaultyFileSystem, faulty } from './json-file/faulty.js'
import { folder } from './json-file/folder.js'
import { afterSets, during, objectsOf, openStepped, started, startText, steps } from './json-file/steps.js'

const errors: Partial<Record<Fault, ErrorName>> = {
  ENOSPC: 'QuotaExceededError',
  full: 'QuotaExceededError',
  EACCES: 'NotAllowedError',
}

/** What the work throws, if it does. */
async function thrownBy(work: () => unknown): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error as Error
  }
}

describe('jsonFile, when the disk fails', () => {
  const { path, names } = folder()

  function begin(name: string): string {
    writeFileSync(path(name), startText)
    return path(name)
  }

  /** What is there once the disk is well again: the objects, and no file but the one. */
  async function left(name: string): Promise<unknown[]> {
    const store = await jsonFile({ path: path(name) })
    const objects = [...store.query()]
    await store.close()
    expect(names().filter(each => each.startsWith(name))).to.deep.equal([name])
    return objects
  }

  async function callsOfAllSteps(): Promise<readonly Call[]> {
    const disk = faulty(() => undefined)
    const store = await openStepped(begin('whole.json'), disk)
    for (const step of steps) await step.run(store)
    await store.close()
    expect(disk.calls.filter(({ name }) => name === 'rename').length).to.be.at.least(3)
    return disk.calls
  }

  async function survives(fault: Fault, number: number): Promise<void> {
    const name = `${number}.json`
    const disk: FaultyFileSystem = faulty(call => (call.number === number ? fault : undefined))
    const thrown: Error[] = []
    const attempt = async (work: () => unknown) => {
      const error = await thrownBy(work)
      if (error) thrown.push(error)
      return error === undefined
    }
    let model = started
    let store = await openStepped(begin(name), disk).catch((error: Error) => void thrown.push(error))
    store ??= await openStepped(path(name), disk)
    for (const step of steps) {
      if (await attempt(() => step.run(store))) model = afterSets(model, step.sets)
      expect([...store.query()]).to.deep.equal(objectsOf(model))
    }
    await attempt(() => store.close())
    expect(thrown.length).to.be.at.most(1)
    for (const error of thrown) {
      expect(isStoreError(error, errors[fault] ?? 'UnknownError'), String(error)).to.equal(true)
      expect(error.cause).to.be.instanceOf(Error)
    }
    expect([...disk.opened], 'files left open').to.deep.equal([])
    expect(await left(name)).to.deep.equal(objectsOf(model))
  }

  for (const fault of ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EINTR', 'short', 'full'] as const) {
    it(`${fault} in any call: a typed error or none, memory is as the disk, the next write works`, async () => {
      for (const call of await callsOfAllSteps()) {
        try {
          await survives(fault, call.number)
        } catch (error) {
          throw new Error(`${fault} in ${JSON.stringify(call)}`, { cause: error })
        }
      }
    })
  }

  for (const fault of ['stop', 'tear'] as const) {
    it(`the process ends ${fault === 'stop' ? 'before any call' : 'within any write'}: what was acknowledged is there`, async () => {
      for (const { number, name, path: file } of await callsOfAllSteps()) {
        if (fault === 'tear' && name !== 'write') continue
        let possible = [started]
        const disk = faulty(call => (call.number === number ? fault : undefined))
        const store = await openStepped(begin(`${number}.json`), disk).catch(() => undefined)
        for (const step of store ? steps : []) {
          possible = during(possible.at(-1) ?? started, step)
          if (await thrownBy(() => step.run(store as never))) break
          possible = possible.slice(-1)
        }
        await thrownBy(() => store?.close())
        const found = JSON.stringify(await left(`${number}.json`))
        const allowed = possible.map(model => JSON.stringify(objectsOf(model)))
        expect(allowed, `call ${number}, ${name} of ${file}`).to.include(found)
      }
    })
  }

  it('writing fails while the disk is full, and works when it is not', async () => {
    let isFull = false
    const disk = faulty(({ name }) => (isFull && name === 'write' ? 'ENOSPC' : undefined))
    const store = await openStepped(begin('full.json'), disk)
    let model = started
    for (const step of steps) {
      isFull = true
      for (let times = 0; times < 3; times++) {
        expect(isStoreError(await thrownBy(() => step.run(store)), 'QuotaExceededError')).to.equal(true)
      }
      expect([...store.query()]).to.deep.equal(objectsOf(model))
      isFull = false
      await step.run(store)
      model = afterSets(model, step.sets)
    }
    await store.close()
    expect(await left('full.json')).to.deep.equal(objectsOf(model))
  })

  it('says that it does not know, when what was written cannot be taken back', async () => {
    let broken = false
    const disk = faulty(({ name }) => (broken && name !== 'write' ? 'EIO' : undefined))
    const store = await openStepped(begin('unknown.json'), disk)
    await store.put({ id: 1 })
    broken = true
    const error = await thrownBy(() => store.put({ id: 2 }))
    expect(isStoreError(error, 'OutcomeUnknownError')).to.equal(true)
    expect(String(error)).to.match(/not taken back: whether it lasts is known when the store is opened again/)
    expect(store.get(2)).to.equal(undefined)
    expect(isStoreError(await thrownBy(() => store.put({ id: 3 })), 'UnknownError')).to.equal(true)
    expect(store.get(1)).to.deep.equal({ id: 1 })
    broken = false
    await store.put({ id: 4 })
    await store.close()
    expect(await left('unknown.json')).to.deep.equal([...objectsOf(started), { id: 1 }, { id: 4 }])
  })

  it('takes another descriptor after a failed sync', async () => {
    const failed: Call[] = []
    let syncs = 0
    const disk = faulty(call =>
      call.name === 'datasync' && ++syncs % 2 === 0 && failed.push(call) ? 'EIO' : undefined,
    )
    const store = await openStepped(begin('sync.json'), disk)
    for (let id = 1; id < 10; id++) await thrownBy(() => store.put({ id }))
    await thrownBy(() => store.close())
    const journal = disk.calls.filter(({ path }) => path.endsWith('.journal'))
    expect(failed.length).to.be.greaterThan(2)
    for (const call of failed) {
      const [close, open] = journal.slice(journal.indexOf(call) + 1)
      expect([close?.name, open?.name]).to.deep.equal(['close', 'create'])
    }
  })

  it('a file that cannot be brought up to date does not stop the writes', async () => {
    let broken = true
    const disk = faulty(({ name }) => (broken && name === 'rename' ? 'EIO' : undefined))
    const store = await openStepped(begin('rename.json'), disk)
    for (const step of steps) await step.run(store)
    expect(readFileSync(path('rename.json'), 'utf8')).to.equal(startText)
    expect(isStoreError(await thrownBy(() => store.close()), 'UnknownError')).to.equal(true)
    broken = false
    const all = objectsOf(steps.reduce((model, { sets }) => afterSets(model, sets), started))
    expect(await left('rename.json')).to.deep.equal(all)
  })
})
