export const meta = { name: 'helpers', description: 'Uses every quality helper.', phases: [{ title: 'Draft' }, { title: 'Judge' }] }

const TASK = args.task

const draft = (angle) => agent(`Draft a design for: ${TASK}\nAngle: ${angle}`, { label: angle, phase: 'Draft' })
const angles = ['simple', 'fast', 'safe']

phase('Draft')
const drafts = (await parallel(angles.map((angle) => () => draft(angle)))).filter(Boolean)

phase('Judge')
const best = await judgePanel(drafts, { judges: 3, rubric: 'clarity and feasibility' })
if (best === undefined) return { error: 'No draft came back.' }

const verdict = await verify(best.attempt, { reviewers: 3, threshold: 0.66, lens: ['security', 'cost'] })

const improved = await gate(
  async (feedback, attempt) => agent(`Improve (try ${attempt}): ${best.attempt}\n${feedback ?? ''}`),
  (value) => (value && value.length > 100 ? { ok: true } : { ok: false, feedback: 'Too short.' }),
  { attempts: 2 },
)

const title = await retry((attempt) => agent(`Find a title, attempt ${attempt}`), {
  attempts: 4,
  until: (text) => text !== null && text.length < 60,
})

const risks = await loopUntilDry({
  round: async (index) => {
    const found = await agent(`Name risks we have not named, round ${index}.`, {
      schema: { type: 'object', properties: { risks: { type: 'array', items: { type: 'string' } } }, required: ['risks'] },
    })
    return found?.risks ?? null
  },
  key: (risk) => risk.toLowerCase(),
  consecutiveEmpty: 1,
  maxRounds: 4,
})

const complete = await completenessCheck(TASK, { improved, risks })
const approved = await checkpoint(`Use "${title}"?`, { kind: 'confirm', default: true })

return { title, verdict: verdict.real, improved: improved.value, risks, complete: complete?.complete ?? false, approved }
