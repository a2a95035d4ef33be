import { transaction } from '../../lib/transaction.js'
import { assertion } from './error.js'
import { type DirectorySettings, directorySource, type Source } from './source.js'

/** Writes all documents of one moment into a directory that holds none, whole or not at all; and what is left of others. */
export async function backUp(
  source: Source,
  settings: Pick<DirectorySettings, 'directory' | 'fileSystem'>,
): Promise<void> {
  const target = await directorySource({ ...settings, watch: false })
  try {
    const files = await target.problems()
    if (files.length > 0 || (await target.store.count?.()) || (await target.deleted()).length > 0) {
      throw assertion(`${settings.directory} holds documents already; give the backup a directory of its own`)
    }
    await transaction(target.store, async tx => {
      for (const stored of await source.deleted()) await tx.put?.(stored)
      for await (const stored of source.store.query?.('') ?? []) await tx.put?.(stored)
    }).catch(async error => {
      await target.forget()
      throw error
    })
  } finally {
    await target.store.close?.()
  }
}
