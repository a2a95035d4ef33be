import { transaction } from 'holdfast'
import type { CityData } from './cities.js'
import type { cityModel } from './model.js'
import { progress } from './progress.js'

/** Puts all objects in one transaction, showing how far it is. */
export async function load(
  City: ReturnType<typeof cityModel>,
  objects: readonly CityData[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const bar = progress(objects.length)
  await transaction(
    City,
    async tx => {
      for (const [done, object] of objects.entries()) {
        await tx.add(object)
        if (done % 1000 === 0) await bar.at(done)
        signal.throwIfAborted()
      }
    },
    { signal },
  )
  bar.end()
}
