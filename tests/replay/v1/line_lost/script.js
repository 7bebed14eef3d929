export const meta = {name: 'test', description: 'a test'}

const seen = []
const both = await parallel(['left', 'right'].map((side) => async () => {
  const answer = await agent(`look ${side}`, {label: side})
  seen.push(side)
  return answer
}))
phase('Report')
const report = await agent(`report on ${seen}`)
return {both, report, seen, spent: budget.spent()}
