/** What was asked, what came out, and how long it took. */
export interface Answer {
  readonly question: string
  readonly rql?: string
  readonly answer: string | readonly string[]
  readonly milliseconds: number
}

/** Asks, and takes the time. */
export async function ask(
  question: string,
  rql: string | undefined,
  find: () => Promise<Answer['answer']>,
): Promise<Answer> {
  const started = performance.now()
  const answer = await find()
  return { question, ...(rql !== undefined && { rql }), answer, milliseconds: performance.now() - started }
}

export function heading(title: string): void {
  console.log(`\n${title}\n${'─'.repeat(title.length)}`)
}

export function report(answers: readonly Answer[]): void {
  for (const { question, rql, answer, milliseconds } of answers) {
    const time = `${milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0)} ms`
    console.log(`${question.padEnd(58)} ${time.padStart(10)}`)
    if (rql !== undefined) console.log(`    ${rql}`)
    for (const line of [answer].flat()) console.log(`        ${line}`)
  }
}
