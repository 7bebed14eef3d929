--- Buffers that show something and belong to no file.
local M = {}

--- The buffer of that name, made where it is not there. Returns it, and whether it is new.
function M.buffer(name, filetype)
  local existing = vim.fn.bufnr('^' .. vim.fn.escape(name, '*?[]{}\\,') .. '$')
  if existing ~= -1 then
    return existing, false
  end
  local buffer = vim.api.nvim_create_buf(true, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'hide'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = filetype
  return buffer, true
end

--- Replaces the lines; a window whose cursor is on the last one stays there.
function M.set(buffer, lines)
  local last = vim.api.nvim_buf_line_count(buffer)
  local at_end = vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_cursor(window)[1] == last
  end, vim.fn.win_findbuf(buffer))
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  for _, window in ipairs(last > 1 and at_end or {}) do
    vim.api.nvim_win_set_cursor(window, { #lines, 0 })
  end
end

--- Shows a buffer: in the window that has it, else in a split.
function M.open(buffer)
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('botright split')
    vim.api.nvim_win_set_buf(0, buffer)
  end
end

function M.map(buffer, keys)
  for key, entry in pairs(keys) do
    vim.keymap.set('n', key, entry[2], { buffer = buffer, nowait = true, desc = entry[1] })
  end
end

return M
