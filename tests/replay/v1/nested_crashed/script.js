export const meta = {name: 'test', description: 'a test'}

const parts = await parallel(['a', 'b'].map((part) => () => workflow({scriptPath: 'child.js'}, part)))
return await agent(`join ${JSON.stringify(parts)}`)
