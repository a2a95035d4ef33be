import { Model } from 'holdfast'
import { sqlite } from 'holdfast/stores/sqlite'

/** Notes of all tenants, in one table. */
export function notes(path: string) {
  return Model(sqlite({ path, table: 'notes' }), {
    title: 'Note',
    properties: {
      tenant: { type: 'integer', index: true },
      text: { type: 'string', maxLength: 200 },
      stars: { type: 'integer', minimum: 0, default: 0 },
      author: String,
    },
    required: ['tenant', 'text'],
    prototype: {
      async star() {
        this.stars++
        await this.save()
        return this.stars
      },
    },
  })
}

export type Notes = ReturnType<typeof notes>
