/** The name of the error that this fails with. */
export async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing failed',
    (error: Error) => error.name,
  )
}
