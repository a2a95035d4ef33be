import { isDeepStrictEqual } from 'node:util'
import type { Data } from '../../../lib/store.js'
import { closeAll, type Opened, transactOf } from '../subject.js'
import { hands, lastWrites } from './hands.js'
import { type Content, type Finding, inspect } from './inspect.js'
import { type Kind, kinds } from './kinds.js'
import type { Done } from './write-until-cut.js'

export interface Verified {
  readonly findings: readonly Finding[]
  /** What is there now. */
  readonly done: Done
}

/** Opens the stores that a cut left, looks whether all that was acknowledged is there, and writes to them. */
export async function verify(kind: Kind, folder: string, acknowledged: Done): Promise<Verified> {
  try {
    const opened: Opened = await kinds[kind](folder)
    const content = await contentOf(opened)
    const verified = inspectAll(content, acknowledged)
    const transact = transactOf(opened)
    for (const store of opened.stores) await store.put?.(after)
    await transact?.(async txs => void (await Promise.all(txs.map(tx => tx.put?.(afterTogether)))))
    await closeAll(opened)
    const again: Opened = await kinds[kind](folder)
    const expected = content.map(objects => new Map([...objects, [after.id, after], [afterTogether.id, afterTogether]]))
    const same = isDeepStrictEqual(await contentOf(again), expected)
    await closeAll(again)
    if (same) return verified
    return refused('what was written after the cut is not there', verified)
  } catch (error) {
    return refused((error as Error).stack ?? String(error), { findings: [], done: acknowledged })
  }
}

const after: Data = { id: 'after' }
const afterTogether: Data = { id: 'after, together' }

function refused(text: string, { findings, done }: Verified): Verified {
  return { findings: [...findings, { damage: 'refused', text }], done }
}

function inspectAll(content: Content, acknowledged: Done): Verified {
  const done = new Map<string, number>()
  const findings: Finding[] = []
  const known = new Set<unknown>([after.id, afterTogether.id])
  for (const hand of hands(content.length)) {
    const n = acknowledged.get(hand.name) ?? 0
    const inspected = inspect(hand, n, content)
    findings.push(...inspected.findings)
    done.set(hand.name, inspected.done)
    for (const { id } of lastWrites(hand, n + 1).values()) known.add(id)
  }
  for (const id of content.flatMap(objects => [...objects.keys()])) {
    if (!known.has(id)) findings.push({ damage: 'torn', text: `nobody wrote an object ${JSON.stringify(id)}` })
  }
  return { findings, done }
}

async function contentOf({ stores }: Opened): Promise<Content> {
  const content: Map<unknown, Data>[] = []
  for (const store of stores) {
    const objects = new Map<unknown, Data>()
    for await (const object of store.query?.() ?? []) objects.set(object.id, object)
    content.push(objects)
  }
  return content
}
