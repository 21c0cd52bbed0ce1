-- A frozen round keeps nothing of which ballots were released or taken late. ARGV: 4 the round, 5 how many contests.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
if call('SISMEMBER', at('frozen'), round) == 0 then return answer('open') end
call('DEL', at('released:' .. round), at('since:' .. round))
for contest = 1, tonumber(ARGV[5]) do call('DEL', at('pending:' .. round .. ':' .. contest)) end
return answer('settled')
