-- Whom a frozen round waits for: shared by a freeze and by signing off, which may be the last one. Servers that have not signed
-- off, each followed by the sheets that it took.
local function waited_for(round)
  local waiting = {}
  -- What was counted was announced: nobody is waited for any more.
  if call('HGET', at('meeting'), 'round:' .. round) == 'counted' then return waiting end
  for _, server in ipairs(call('SMEMBERS', at('casters:' .. round))) do
    waiting[#waiting + 1] = server
    waiting[#waiting + 1] = call('HGET', at('took:' .. round), server) or '0'
  end
  return waiting
end
