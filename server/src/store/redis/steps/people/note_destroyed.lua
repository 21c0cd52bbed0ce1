-- What was destroyed of a meeting's people, and who has a copy. ARGV: 4 what the calling server destroyed (empty: it only asks).
-- Answers place and what, then the servers with a copy.
if standing ~= 'fine' then return answer('') end
if ARGV[4] ~= '' then call('HSET', at('destroyed'), me, ARGV[4]) end
return answer('destroyed', call('HGETALL', at('destroyed')), call('SUNION', at('members'), at('copies')))
