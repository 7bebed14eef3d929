export const meta = {name: 'test', description: 'a test'}

const winner = await Promise.race(['slow', 'quick'].map((who) => agent(who)))
return await agent(`well done ${winner}`)
