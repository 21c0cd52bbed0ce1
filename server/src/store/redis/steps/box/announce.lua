-- This server may take ballots of a round from now on: the others remember it, and the count waits for it where Redis loses what
-- it knew. ARGV: 4 the round.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
call('SADD', at('members'), me)
call('SADD', at('casting'), round)
call('HSETNX', at('took:' .. round), me, 0)
return answer('announced')
