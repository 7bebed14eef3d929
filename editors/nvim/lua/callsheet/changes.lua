--- What isolated agents changed: a diff to look at, apply or drop.
local scratch = require('callsheet.scratch')

local M = {}

local function execute(target, action, done)
  local argument = { runId = target.runId, call = target.call, action = action }
  require('callsheet.client').execute('callsheet.changes', argument, done)
end

local function diff_text(result)
  if type(result) == 'table' then
    return result.diff or ''
  end
  return result or ''
end

--- Asks, then does it. `done` is called afterwards.
local function confirmed(target, action, question, done)
  vim.ui.select({ 'Yes', 'No' }, { prompt = question }, function(choice)
    if choice == 'Yes' then
      execute(target, action, done)
    end
  end)
end

function M.apply(target)
  confirmed(target, 'apply', 'Apply these changes to the working tree?', function(result)
    if not result.ok then
      local touched = #result.files > 0 and 'only ' .. table.concat(result.files, ', ') .. ' was applied' or 'nothing was touched'
      vim.notify(('Callsheet: %s: conflicts in %s'):format(touched, table.concat(result.conflicts, ', ')), vim.log.levels.ERROR)
      return
    end
    vim.notify('Callsheet: applied; nothing is committed.')
    vim.cmd.checktime()
  end)
end

function M.drop(target)
  confirmed(target, 'drop', 'Drop these changes? They cannot be brought back.', function()
    vim.notify('Callsheet: dropped.')
  end)
end

--- Opens the diff of a run's changes, or of one call's.
function M.show(target)
  execute(target, 'diff', function(result)
    local text = diff_text(result)
    if text == '' then
      vim.notify('Callsheet: no isolated agent of this run left changes.')
      return
    end
    local name = ('callsheet://%s/%schanges'):format(target.runId, target.call and target.call .. '/' or '')
    local buffer, new = scratch.buffer(name, 'diff')
    if new then
      scratch.map(buffer, {
        a = {
          'Apply',
          function()
            M.apply(target)
          end,
        },
        x = {
          'Drop',
          function()
            M.drop(target)
          end,
        },
        q = { 'Close', '<cmd>close<cr>' },
      })
    end
    scratch.set(buffer, vim.split(text, '\n'))
    scratch.open(buffer)
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
  end)
end

return M
