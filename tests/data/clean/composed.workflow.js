// Calls other workflows by computed names and paths; returns from several places.
export const meta = { name: 'composed', description: 'Runs other workflows.' }

const wanted = args?.workflows ?? []

if (!Array.isArray(wanted)) {
  return { error: 'workflows must be a list' }
}

const results = {}
for (const name of wanted) {
  try {
    results[name] = await workflow(name, { from: 'composed', depth: 1 })
  } catch (error) {
    if (error.code !== 'WORKFLOW_NOT_FOUND') throw error
    log(`Skipped ${name}: ${error.message}`)
    results[name] = null
  }
}

const byPath = await workflow({ scriptPath: `./${args?.script ?? 'other'}.workflow.js` }, args).catch((e) => e.message)

switch (Object.keys(results).length) {
  case 0:
    return byPath
  case 1: {
    const [only] = Object.values(results)
    return only
  }
  default:
    return results
}
