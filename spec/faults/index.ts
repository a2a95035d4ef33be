/**
 * The crash machine: a disk in memory whose power can be cut at any moment, and a file system that fails when it is told to.
 * The suites need a `describe` and an `it`, global as in mocha, jest and vitest, or given.
 */
import assert from 'node:assert/strict'
import type { Runner } from '../conformance/index.js'
import { newSeed } from '../oracle/random.js'
import { checkErrors, type ErrorOptions, faults } from './errors.js'
import { checkPowerCuts, type PowerCutOptions } from './power-cuts.js'
import type { Subject } from './subject.js'

export type { FileStat, FileSystem, OpenFile, Unwatch } from '../../stores/files/file-system.js'
export type { Runner } from '../conformance/index.js'
export { newSeed, type Random, random } from '../oracle/random.js'
export { type Call, errno } from './call.js'
export type { CrashOptions } from './crash-states.js'
export { checkErrors, type ErrorOptions, type ErrorReport, faults } from './errors.js'
export { type Fault, type FaultyFileSystem, faulty } from './faulty.js'
export type { Image } from './image.js'
export { checkPowerCuts, type PowerCutOptions, type PowerCutReport } from './power-cuts.js'
export { type SimulatedDisk, type SimulatedDiskOptions, simulatedDisk } from './simulated-disk.js'
export type { Opened, Subject } from './subject.js'

const globals = globalThis as unknown as Runner

/**
 * Stores survive it when the power is cut or the process killed at any moment of a random workload: what was acknowledged is
 * there, the rest is there whole or not at all, and the next process works with it.
 */
export function survivesPowerCuts(
  name: string,
  subject: Subject & PowerCutOptions,
  { describe, it }: Runner = globals,
): void {
  const { states = 10_000, seed = newSeed(), ...options } = subject
  const parts = Math.ceil(states / part)
  describe(`${name}, when the power is cut`, () => {
    for (let at = 0; at < parts; at++) {
      const wanted = Math.min(part, states - at * part)
      it(`nothing is lost or torn in ${wanted} states, ${at + 1} of ${parts}`, async () => {
        const report = await checkPowerCuts(subject, { ...options, states: wanted, seed: seed + at })
        assert.ok(report.states >= wanted && report.images > 1, JSON.stringify(report))
      })
    }
  })
}

/** The states of one test, so that each ends in time. */
const part = 2500

/**
 * Stores survive it when any call to the disk fails, in any way, once or from then on: they throw a `StoreError` or
 * nothing, a write that failed has changed nothing, no file stays open, and when all is well again the next write works.
 */
export function survivesErrors(
  name: string,
  subject: Subject & ErrorOptions,
  { describe, it }: Runner = globals,
): void {
  const { faults: chosen = faults, seed = newSeed(), ...options } = subject
  describe(`${name}, when the disk fails`, () => {
    for (const fault of chosen) {
      it(`${fault} in any call, once and for ever`, async () => {
        const report = await checkErrors(subject, { ...options, faults: [fault], seed })
        assert.ok(report.runs > 1, JSON.stringify(report))
      })
    }
  })
}
