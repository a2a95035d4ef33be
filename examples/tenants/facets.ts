import { permissive, restrictive } from 'holdfast/models/facet'
import type { Notes } from './model.js'

/** What one tenant can do: all, with what is his. He neither sees nor says whose it is. */
export function tenantOf(Note: Notes, tenant: number) {
  return permissive(Note, {
    where: 'tenant=$1',
    parameters: [tenant],
    properties: { tenant: { blocked: true } },
    prototype: ['star'],
    max: 100,
    maxLimit: 50,
  })
}

export type Tenant = ReturnType<typeof tenantOf>

/** What a plugin gets of its tenant: it reads texts without their authors, and may star them, for a while. */
export function forPlugin(notes: Tenant, expires: Date) {
  return restrictive(notes, {
    properties: { author: { blocked: true }, stars: { writable: false } },
    prototype: { star: true },
    rate: { max: 100, ttl: 1000 },
    expires,
  })
}

/** What a stranger gets: he may leave a note, and sees nothing. */
export function dropBox(notes: Tenant) {
  return restrictive(notes, {
    methods: { get: false, query: false, count: false, add: true },
    properties: { stars: { writable: false }, author: { default: 'a stranger', writable: false } },
  })
}
