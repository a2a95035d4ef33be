import type { forPlugin } from './facets.js'

/** Code of somebody else: it is given a facet, and nothing else. */
export async function plugin(notes: ReturnType<typeof forPlugin>): Promise<string[]> {
  const found = await notes.query('sort(text)&limit(10)').toArray()
  const report: string[] = []
  for (const note of found) report.push(`${note.text}: ${await note.star()}`)
  return report
}
