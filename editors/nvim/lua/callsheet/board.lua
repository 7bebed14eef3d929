--- The runs in a buffer: runs, their phases, the agents in them; keys act on the line under the cursor.
local scratch = require('callsheet.scratch')
local status = require('callsheet.status')
local store = require('callsheet.store')

local M = {}

local NAME = 'callsheet://runs'
local namespace = vim.api.nvim_create_namespace('callsheet.board')
local SHOWN = 50
local open_runs = {}
local targets = {}

local function is_open(run)
  local chosen = open_runs[run.summary.runId]
  if chosen == nil then
    return status.is_active(run.summary.status) or run == store.newest()
  end
  return chosen
end

local function run_line(run)
  local s = run.summary
  local look = status.run(s.status)
  local counts = s.counts
  local text = ('%s %s  %s'):format(
    is_open(run) and '▾' or '▸',
    s.name,
    status.joined(
      s.simulated and 'simulated',
      look.text,
      counts.total > 0 and ('%d/%d'):format(counts.done + counts.replayed, counts.total),
      counts.failed > 0 and ('%d failed'):format(counts.failed),
      status.duration(s.durationMs),
      status.tokens(s.usage.total),
      status.cost(s.usage.cost)
    )
  )
  return text .. '  ' .. s.runId, look.hl
end

local function agent_line(agent)
  local look = status.agent(agent.status)
  local quiet = agent.status == 'done' or agent.status == 'running'
  local words = status.joined(
    not quiet and look.text,
    agent.reason and agent.reason.message,
    status.duration(agent.durationMs),
    status.tokens(agent.tokens),
    status.cost(agent.cost),
    agent.worktree and agent.worktree.ref and 'changed files'
  )
  return ('    %s %s  %s'):format(look.sign, agent.label, words), look.hl
end

local function inside(run, add)
  for call, question in pairs(run.questions) do
    add('  ? ' .. question.question .. '  waits for an answer', 'DiagnosticWarn', { runId = run.summary.runId, call = call, question = question })
  end
  local problem = run.summary.error
  -- That a person stopped it, the run itself says.
  if problem and problem.code ~= 'WORKFLOW_ABORTED' then
    add(('  ✗ %s: %s'):format(problem.code, problem.message), 'DiagnosticError', { runId = run.summary.runId })
  end
  local phases, order = {}, {}
  for _, agent in ipairs(store.agents(run)) do
    local title = agent.phase or 'Agents'
    if not phases[title] then
      phases[title] = {}
      table.insert(order, title)
    end
    table.insert(phases[title], agent)
  end
  for _, title in ipairs(order) do
    add('  ' .. title, 'Title', { runId = run.summary.runId })
    for _, agent in ipairs(phases[title]) do
      local text, hl = agent_line(agent)
      add(text, hl, { runId = run.summary.runId, call = agent.call })
    end
  end
end

local function render(buffer)
  local lines, highlights = {}, {}
  targets = {}
  local function add(text, hl, target)
    table.insert(lines, (text:gsub('\n', ' ')))
    table.insert(highlights, hl)
    targets[#lines] = target
  end
  if not store.connected then
    add('The server is not connected: what follows is the last that it told.', 'DiagnosticWarn', {})
  end
  local all = store.list()
  if #all == 0 then
    add('No runs yet.  :Callsheet run', 'Comment', {})
  end
  for index = 1, math.min(#all, SHOWN) do
    local run = all[index]
    local text, hl = run_line(run)
    add(text, hl, { runId = run.summary.runId })
    if is_open(run) then
      inside(run, add)
    end
  end
  scratch.set(buffer, lines)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  for row, hl in ipairs(highlights) do
    vim.api.nvim_buf_set_extmark(buffer, namespace, row - 1, 0, { end_row = row, hl_group = hl, hl_eol = false, strict = false })
  end
end

local function target()
  return targets[vim.api.nvim_win_get_cursor(0)[1]] or {}
end

local function enter()
  local at = target()
  if at.question then
    require('callsheet.questions').ask(at.question)
  elseif at.call then
    require('callsheet.transcript').show(at.runId, at.call)
  elseif at.runId then
    open_runs[at.runId] = not is_open(store.get(at.runId))
    store.load(at.runId, function()
      M.refresh()
    end)
  end
end

local function act(name)
  return function()
    local at = target()
    if at.runId then
      require('callsheet.commands').act(name, at)
    end
  end
end

local KEYS = {
  ['<CR>'] = { 'Open transcript, answer, or fold', enter },
  ['<Tab>'] = { 'Open transcript, answer, or fold', enter },
  g = { 'Go to the call', act('call') },
  s = { 'Stop', act('stop') },
  p = { 'Pause', act('pause') },
  r = { 'Resume', act('resume') },
  x = { 'Skip the agent', act('skip') },
  d = { 'Show changes', act('changes') },
  f = { 'Failures to the quickfix list', act('failures') },
  D = { 'Remove the run', act('remove') },
  q = { 'Close', '<cmd>close<cr>' },
}

--- Draws the buffer again, where it is shown.
function M.refresh()
  local buffer = vim.fn.bufnr('^' .. NAME .. '$')
  if buffer ~= -1 and vim.fn.bufwinid(buffer) ~= -1 then
    render(buffer)
  end
end

function M.open()
  local buffer, new = scratch.buffer(NAME, 'callsheetruns')
  if new then
    scratch.map(buffer, KEYS)
    scratch.map(buffer, {
      ['?'] = {
        'Help',
        function()
          vim.cmd.help('callsheet-runs')
        end,
      },
    })
  end
  scratch.open(buffer)
  vim.wo[0][0].wrap = false
  vim.wo[0][0].cursorline = true
  render(buffer)
end

store.on_change(M.refresh)

return M
