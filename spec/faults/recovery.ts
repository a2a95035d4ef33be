import assert from 'node:assert/strict'
import { basename } from 'node:path'
import type { Image } from './image.js'
import { after } from './ledger.js'
import { type SimulatedDisk, simulatedDisk } from './simulated-disk.js'
import { closeAll, contentOf, type Opened, openOn, type Subject, transactOf } from './subject.js'

/** Opens what a crash left. Gives the content that is there. */
export type Recover = (image: Image) => Promise<string>

/**
 * Opens what a crash left, and tries whether it is as good as new: it takes a write, closes, leaves no file that does not belong
 * there, and opens again with everything in it.
 */
export function recovery(subject: Subject): Recover {
  const clean = new Map<string, Promise<readonly string[]>>()
  const settled = new Map<string, Promise<void>>()

  /** The names of the files that are left where all of this is put and nothing fails. */
  async function cleanNames(content: string): Promise<readonly string[]> {
    const disk = simulatedDisk()
    const opened = await openOn(subject.open, disk)
    for (const [at, objects] of JSON.parse(content).entries()) {
      for (const object of objects) await opened.stores[at]?.put?.(object)
    }
    await closeAll(opened)
    return namesOn(disk.image())
  }

  async function checkNames(image: Image, content: string): Promise<void> {
    const names = namesOn(image)
    if (subject.leaves) return assert.ok(subject.leaves(names), `these files are left: ${names.join(' ')}`)
    const expected = clean.get(content) ?? cleanNames(content)
    if (clean.size >= 1000) clean.clear()
    clean.set(content, expected)
    assert.deepEqual(names, await expected, 'these files are left')
  }

  async function readOnly(image: Image): Promise<string | undefined> {
    if (!subject.openReadonly) return undefined
    const disk = simulatedDisk({ image })
    const { version } = disk
    const opened = await openOn(subject.openReadonly, disk)
    const content = await contentOf(opened)
    await closeAll(opened)
    assert.equal(disk.version, version, 'opened to be read, it changed the disk')
    return content
  }

  /** Opens what there is for sure after the first write, closes it, and opens it again. */
  async function settle(image: Image, expected: string): Promise<void> {
    const disk = simulatedDisk({ image })
    const opened = await openOn(subject.open, disk)
    assert.equal(await contentOf(opened), expected, 'what was written after the crash is not there')
    await closeInOrder(disk, opened, expected)
  }

  function settleOnce(image: Image, expected: string): Promise<void> {
    const key = `${expected}\0${image.key}`
    const known = settled.get(key) ?? settle(image, expected)
    if (settled.size >= 1000) settled.clear()
    settled.set(key, known)
    return known
  }

  async function closeInOrder(disk: SimulatedDisk, opened: Opened, expected: string): Promise<void> {
    await closeAll(opened)
    assert.deepEqual(disk.opened, [], 'these files are left open')
    await checkNames(disk.image(), expected)
    const again = await openOn(subject.open, disk)
    assert.equal(await contentOf(again), expected, 'what was written after the crash is not there after close')
    await closeAll(again)
  }

  let turn = 0
  return async image => {
    const disk = simulatedDisk({ image })
    const opened = await openOn(subject.open, disk)
    const content = await contentOf(opened)
    assert.equal((await readOnly(image)) ?? content, content, 'opened to be read, it has other objects')
    const expected = await writeAfter(opened, content)
    // most end here once more, as many of them are then the same
    if (turn++ % 8 === 0) await closeInOrder(disk, opened, expected)
    else await settleOnce(subject.durability === 'relaxed' ? disk.image() : disk.lasting(), expected)
    return content
  }
}

/** Writes an object into each of the stores. Gives the content with them. */
async function writeAfter(opened: Opened, content: string): Promise<string> {
  const { stores } = opened
  const object = { id: 'after' }
  const transact = stores.length > 1 ? transactOf(opened) : undefined
  if (transact) await transact(async txs => void (await Promise.all(txs.map(tx => tx.put?.(object)))))
  else for (const store of stores) await store.put?.(object)
  return after(
    content,
    stores.map((_, store) => ({ store, id: object.id, object })),
  )
}

function namesOn({ files }: Image): string[] {
  return [...files.keys()].map(path => basename(path)).sort()
}
