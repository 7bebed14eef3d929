// Names of the language, shadowed on purpose: none of these are the globals.
export const meta = { name: 'shadowed-names', description: 'Plan a shooting day with local names that look like globals' }

function makeClock(start) {
  let now = start
  return {
    now: () => now,
    advance: (minutes) => {
      now += minutes * 60_000
      return now
    },
  }
}

function seeded(seed) {
  let state = seed
  const random = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
  return { random, pick: (list) => list[Math.floor(random() * list.length)] }
}

const Clock = { Date: makeClock(args?.start ?? 0) }
const { random, pick } = seeded(args?.seed ?? 42)

const schedule = (Date, scenes) =>
  scenes.map((scene) => ({ scene, at: Date.now(), until: Date.advance(scene.minutes) }))

const SCENES = {
  type: 'object',
  properties: {
    scenes: {
      type: 'array',
      items: {
        type: 'object',
        properties: { title: { type: 'string' }, minutes: { type: 'integer' }, now: { type: 'boolean' } },
        required: ['title', 'minutes'],
      },
    },
  },
  required: ['scenes'],
}

const answer = await agent('List the scenes of the script with how many minutes each takes.', { schema: SCENES })
if (!answer) return null

const urgent = answer.scenes.filter(({ now }) => now)
const rest = answer.scenes.filter((scene) => !scene.now).sort(() => random() - 0.5)
const day = schedule(Clock.Date, [...urgent, ...rest])

const parallel_ = (tasks) => parallel(tasks.map((task) => () => task()))
const notes = await parallel_(
  day.map(({ scene, at }) => async () => {
    const mood = pick(['calm', 'busy', 'loud'])
    const text = await agent(`One line on how to light "${scene.title}", mood: ${mood}.`, { label: scene.title })
    return { title: scene.title, at: new Date(at).toISOString(), text: text ?? 'no note' }
  }),
)

{
  const Math = { random: () => 4, max: (...xs) => xs.length }
  const performance = { now: () => Math.random() }
  log(`${performance.now()} of ${Math.max(1, 2, 3)}`)
}
const crypto = { randomUUID: () => 'fixed' }
return { id: crypto.randomUUID(), notes: notes.filter(Boolean) }
