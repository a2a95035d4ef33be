/** What a page has: its slug is made of its name. */
export const properties = {
  name: { type: 'string', minLength: 1 },
  slug: { type: 'string' },
  hint: { transient: true },
} as const
