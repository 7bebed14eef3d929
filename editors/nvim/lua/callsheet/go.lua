--- To the line of a call.
local M = {}

--- Opens the script of a run at one of its calls; where the script is gone, the copy that the run keeps.
function M.to_call(run, call)
  local agent = run and run.agents[call]
  if not agent then
    return
  end
  local uri = run.summary.uri
  local path = agent.file or uri and vim.startswith(uri, 'file:') and vim.uri_to_fname(uri)
  if not path or not vim.uv.fs_stat(path) then
    local folder = require('callsheet.store').folder(run)
    path = folder and folder .. '/script.js'
  end
  if not path then
    vim.notify('Callsheet: the script of this run is not on this machine.', vim.log.levels.WARN)
    return
  end
  local window = vim.fn.bufwinid(vim.fn.bufadd(path))
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd.split(vim.fn.fnameescape(path))
  end
  vim.api.nvim_win_set_cursor(0, { math.min(agent.line or 1, vim.api.nvim_buf_line_count(0)), 0 })
end

return M
