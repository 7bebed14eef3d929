--- How states look: a sign, a highlight group, and words.
local M = {}

M.runs = {
  starting = { sign = '◐', hl = 'DiagnosticInfo', text = 'starting', active = true },
  running = { sign = '◐', hl = 'DiagnosticInfo', text = 'running', active = true },
  pausing = { sign = '◐', hl = 'DiagnosticWarn', text = 'pausing', active = true },
  stopping = { sign = '◐', hl = 'DiagnosticWarn', text = 'stopping', active = true },
  paused = { sign = '‖', hl = 'DiagnosticWarn', text = 'paused' },
  stopped = { sign = '■', hl = 'Comment', text = 'stopped' },
  completed = { sign = '✓', hl = 'DiagnosticOk', text = 'completed' },
  completed_with_failures = { sign = '!', hl = 'DiagnosticWarn', text = 'completed with failures' },
  failed = { sign = '✗', hl = 'DiagnosticError', text = 'failed' },
  interrupted = { sign = '✗', hl = 'DiagnosticWarn', text = 'interrupted' },
}

M.agents = {
  queued = { sign = '○', hl = 'Comment', text = 'queued' },
  running = { sign = '◐', hl = 'DiagnosticInfo', text = 'running' },
  waiting = { sign = '◔', hl = 'DiagnosticWarn', text = 'waiting' },
  done = { sign = '✓', hl = 'DiagnosticOk', text = 'done' },
  replayed = { sign = '↺', hl = 'DiagnosticOk', text = 'replayed' },
  failed = { sign = '✗', hl = 'DiagnosticError', text = 'failed' },
  skipped = { sign = '→', hl = 'DiagnosticWarn', text = 'skipped' },
  stopped = { sign = '■', hl = 'Comment', text = 'stopped' },
}

-- For several agents of one line or phase: the state that most wants attention.
local URGENCY = { 'failed', 'running', 'waiting', 'skipped', 'stopped', 'queued', 'done', 'replayed' }

local function look(table_, status)
  return table_[status] or { sign = '?', hl = 'Normal', text = status }
end

function M.run(status)
  return look(M.runs, status)
end

function M.agent(status)
  return look(M.agents, status)
end

function M.is_active(status)
  return M.run(status).active == true
end

function M.combined(agents)
  local seen = {}
  for _, agent in ipairs(agents) do
    seen[agent.status] = true
  end
  for _, status in ipairs(URGENCY) do
    if seen[status] then
      return status
    end
  end
  return agents[1].status
end

--- `850 ms`, `12.3 s`, `4 min 05 s`.
function M.duration(ms)
  if not ms or ms == 0 then
    return nil
  elseif ms < 1000 then
    return ('%d ms'):format(ms)
  elseif ms < 60000 then
    return ('%.1f s'):format(ms / 1000)
  end
  local minutes = math.floor(ms / 60000)
  if minutes < 60 then
    return ('%d min %02d s'):format(minutes, math.floor(ms / 1000) % 60)
  end
  return ('%d h %02d min'):format(math.floor(minutes / 60), minutes % 60)
end

function M.tokens(count)
  if not count or count == 0 then
    return nil
  elseif count < 1000 then
    return ('%d tok'):format(count)
  elseif count < 1e6 then
    return ('%.1fk tok'):format(count / 1000)
  end
  return ('%.1fM tok'):format(count / 1e6)
end

--- US dollars; nil where no price is known.
function M.cost(usd)
  if not usd then
    return nil
  end
  return usd > 0 and usd < 0.01 and '<$0.01' or ('$%.2f'):format(usd)
end

--- The parts that are there, with dots between them.
function M.joined(...)
  local parts = {}
  for index = 1, select('#', ...) do
    local part = select(index, ...)
    if part and part ~= '' then
      table.insert(parts, part)
    end
  end
  return table.concat(parts, ' · ')
end

local function sum(agents, field)
  local total
  for _, agent in ipairs(agents) do
    if agent[field] then
      total = (total or 0) + agent[field]
    end
  end
  return total
end

--- One line about one agent, or about all the agents of a call site.
function M.line(agents)
  local spent = M.joined(M.tokens(sum(agents, 'tokens')), M.cost(sum(agents, 'cost')))
  if #agents == 1 then
    local agent = agents[1]
    local state = M.agent(agent.status)
    local words = agent.status ~= 'done' and state.text or nil
    return state.sign .. ' ' .. M.joined(words, agent.reason and agent.reason.message, M.duration(agent.durationMs), spent)
  end
  local counts, order = {}, {}
  for _, agent in ipairs(agents) do
    if not counts[agent.status] then
      table.insert(order, agent.status)
    end
    counts[agent.status] = (counts[agent.status] or 0) + 1
  end
  local states = vim.tbl_map(function(status)
    return ('%s %d %s'):format(M.agent(status).sign, counts[status], M.agent(status).text)
  end, order)
  return M.joined(table.concat(states, ', ') .. ' of ' .. #agents, spent)
end

return M
