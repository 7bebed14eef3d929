// A knock-out tournament of prompts: pure functions, recursion, memo tables, bit tricks.
export const meta = {
  name: 'tournament',
  description: 'Let variants of a text compete in pairs until one is left',
  phases: [{ title: 'Variants' }, { title: 'Rounds' }],
}

const CHOICE = {
  type: 'object',
  properties: { winner: { enum: ['A', 'B'] }, why: { type: 'string', maxLength: 280 } },
  required: ['winner'],
}

const isPowerOfTwo = (n) => n > 0 && (n & (n - 1)) === 0
const ceilPowerOfTwo = (n) => (isPowerOfTwo(n) ? n : 1 << (32 - Math.clz32(n)))
const chunk = (list, size) =>
  list.length === 0 ? [] : [list.slice(0, size), ...chunk(list.slice(size), size)]
const memo = (f, cache = new Map()) => (n) => {
  if (!cache.has(n)) cache.set(n, f(n))
  return cache.get(n)
}
const roundsFor = memo((players) => (players <= 1 ? 0 : 1 + roundsFor(Math.ceil(players / 2))))

async function duel([a, b], round) {
  if (!b) return a
  const [first, second] = (a.seed + b.seed + round) % 2 === 0 ? [a, b] : [b, a]
  const answer = await agent(
    `Which text is better for newcomers?\n\nA:\n${first.text}\n\nB:\n${second.text}`,
    { label: `#${a.seed} against #${b.seed}`, phase: 'Rounds', schema: CHOICE, tier: 'small' },
  )
  const won = answer?.winner === 'B' ? second : first
  won.reasons.push(answer?.why ?? 'by default')
  return won
}

async function play(players, round = 1) {
  if (players.length <= 1) return players[0]
  log(`Round ${round} of ${roundsFor(players.length) + round - 1}: ${players.length} left`)
  const survivors = await parallel(chunk(players, 2).map((pair) => () => duel(pair, round)))
  return play(survivors.filter((player) => player != null), round + 1)
}

phase('Variants')
const count = Math.min(16, ceilPowerOfTwo(args?.variants ?? 6))
const texts = await parallel(
  Array.from({ length: count }, (_, index) => () =>
    agent(`Write variant ${index + 1} of ${count} of an introduction to this project. Be unlike the others.`, {
      label: `variant ${index + 1}`,
      phase: 'Variants',
    }),
  ),
)
const players = texts.flatMap((text, seed) => (text ? [{ seed, text, reasons: [] }] : []))
if (!players.length) throw new Error('no variant')

phase('Rounds')
const { text, reasons, seed } = await play(players)
return { seed, text, reasons }
