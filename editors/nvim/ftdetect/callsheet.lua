local patterns = { ['.*%.workflow%.m?js'] = { 'callsheet', { priority = 10 } } }
for _, folder in ipairs({ 'callsheet', 'claude', 'pi' }) do
  patterns['.*/%.' .. folder .. '/workflows/[^/]+%.m?js'] = { 'callsheet', { priority = 10 } }
end
vim.filetype.add({ pattern = patterns })
