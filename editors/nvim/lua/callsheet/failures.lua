--- Failed agents, and the run's own error, in the quickfix list.
local M = {}

local function file_of(run)
  local uri = run.summary.uri
  return uri and vim.startswith(uri, 'file:') and vim.uri_to_fname(uri) or nil
end

--- Entries for the quickfix list.
function M.list(run)
  local store = require('callsheet.store')
  local file = file_of(run)
  local items = {}
  local function add(line, column, text, kind, own_file)
    table.insert(items, { filename = own_file or file, lnum = line or 1, col = column or 0, text = text, type = kind })
  end
  local problem = run.summary.error
  if problem and problem.code ~= 'WORKFLOW_ABORTED' then
    add(problem.line, problem.column, ('%s: %s'):format(problem.code, problem.message), 'E', problem.file)
  end
  for _, agent in ipairs(store.agents(run)) do
    if agent.status == 'failed' or agent.status == 'skipped' then
      local reason = agent.reason and ('%s: %s'):format(agent.reason.code, agent.reason.message) or agent.status
      add(agent.line, 0, ('%s (call %d) %s'):format(agent.label, agent.call, reason), agent.status == 'failed' and 'E' or 'W', agent.file)
    end
  end
  return items
end

--- Puts the failures of a run into the quickfix list; the window is the person's to open.
function M.fill(run)
  vim.fn.setqflist({}, ' ', { title = 'Callsheet: ' .. run.summary.name, items = M.list(run) })
end

return M
