-- The first half of a freeze: no cast is taken any more. ARGV: 4 the round. Answers the servers that have not signed off, each
-- with the sheets that it took.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
if call('HEXISTS', at('meeting'), 'armed:' .. round) == 0 then return answer('never_armed') end
call('SADD', at('frozen'), round)
return answer('frozen', waited_for(round))
