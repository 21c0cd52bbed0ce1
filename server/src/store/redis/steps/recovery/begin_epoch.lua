-- History was lost: nothing is acknowledged until everybody brought back what they have. ARGV: 4 the new epoch, 5 '1' where the
-- caller saw a later version than this. The first one to say so begins the epoch; to the others it is another one.
local behind = ARGV[5] == '1' and known == epoch
if standing ~= 'lost' and not (behind and standing ~= 'newer' and standing ~= 'unknown') then return answer('') end
epoch, standing = ARGV[4], 'recovering'
call('HSET', at('meeting'), 'epoch', epoch, 'run', run, 'recovering', '1', 'partial', '0')
call('DEL', at('merged'))
-- Whoever took ballots may have taken more than this Redis knows, and is waited for again.
for _, round in ipairs(call('SMEMBERS', at('casting'))) do
  local state = call('HGET', at('meeting'), 'round:' .. round)
  if state == 'open' or state == 'closing' then
    for _, server in ipairs(call('HKEYS', at('took:' .. round))) do call('SADD', at('casters:' .. round), server) end
  end
end
stop_live_releases()
return answer('begun')
