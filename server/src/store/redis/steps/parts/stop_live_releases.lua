-- After lost history a second random choice among the same ballots would tell more than the first: live tallies stand still
-- for the rest of every round that takes casts.
local function stop_live_releases()
  local fields = call('HGETALL', at('meeting'))
  for place = 1, #fields, 2 do
    local number = string.match(fields[place], '^round:(%d+)$')
    local state = fields[place + 1]
    if number and (state == 'open' or state == 'closing') then call('HSET', at('meeting'), 'stopped:' .. number, '1') end
  end
end
