/** Something that the doctor has seen. */
export interface Finding {
  readonly level: 'good' | 'note' | 'bad'
  readonly about: string
  readonly text: string
  /** What to do about it. */
  readonly remedy?: string
}
