-- A frozen round keeps nothing of what was released, or taken late. ARGV: 4 the round.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
if call('SISMEMBER', at('frozen'), round) == 0 then return answer('open') end
call('UNLINK', at('pool:' .. round), at('fresh:' .. round), at('tick:' .. round), at('since:' .. round))
return answer('settled')
