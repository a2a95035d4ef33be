/** The exact types of the protocol. */

/** Extended JSON. */
export const exactJson = 'application/vnd.holdfast+json'
/** Lines of extended JSON: arrays of items, and at the end an object that says how many they were, or what went wrong. */
export const exactLines = 'application/vnd.holdfast+ndjson'
export const problemJson = 'application/problem+json'
export const eventStream = 'text/event-stream'

/** The type without its parameters. */
export function mediaType(header: string | null): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
