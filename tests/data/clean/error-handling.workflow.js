export const meta = {
  name: 'error-handling',
  description: 'Catches, rethrows, falls back and cleans up.',
  phases: [{ title: 'Try' }, { title: 'Fall back' }],
}

const attempt = async (name, work, fallback = null) => {
  try {
    const value = await work()
    if (value == null) throw Object.assign(new Error(`${name} gave nothing`), { code: 'EMPTY' })
    return { name, ok: true, value }
  } catch (error) {
    if (error.code === 'TOKEN_BUDGET_EXHAUSTED' || error.name === 'TypeError') throw error
    console.warn(`${name}:`, error.code ?? error.name, error.message)
    return { name, ok: false, value: typeof fallback === 'function' ? await fallback(error) : fallback }
  } finally {
    log(`${name} is over`)
  }
}

phase('Try')
const strict = await attempt('strict', () =>
  agent('Answer with the number of tests.', {
    schema: { type: 'object', properties: { count: { type: 'integer', minimum: 0 } }, required: ['count'] },
  }),
)

const loose = await attempt(
  'loose',
  () => agent('How many tests are there?'),
  () => agent('Guess how many tests there are.', { phase: 'Fall back' }),
)

const settled = await Promise.allSettled([agent('One.'), agent('Two.'), Promise.reject(new Error('three'))])
const values = settled.map((entry) => (entry.status === 'fulfilled' ? entry.value : `failed: ${entry.reason.message}`))

const either = await agent('Quick answer?', { timeoutMs: 30_000 }).then(
  (text) => text ?? 'no answer',
  (error) => `error: ${error.message}`,
)

const chained = await agent('Say yes.')
  .then((text) => text?.toLowerCase().includes('yes') ?? false)
  .catch(() => false)
  .finally(() => log('asked'))

let last
for (const model of ['haiku', 'sonnet', 'opus']) {
  last = await agent('Solve the puzzle.', { model, label: model }).catch(() => null)
  if (last !== null && last.length > 3) break
}

const winner = strict.ok ? strict.value.count : Number.parseInt(loose.value ?? '', 10)
if (Number.isNaN(winner)) throw new RangeError('Nobody could count.', { cause: { strict, loose } })

return { winner, values, either, chained, last: last ?? undefined }
