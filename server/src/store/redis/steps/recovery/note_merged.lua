-- This server brought back all that it has. Answers who wrote in this meeting, and who brought theirs back.
if standing ~= 'recovering' then return answer('') end
call('SADD', at('merged'), me)
return answer('merged', call('SMEMBERS', at('members')), call('SMEMBERS', at('merged')))
