-- The first half of a freeze: no cast is taken any more. ARGV: 4 the round. Answers the servers that have not signed off, each
-- with the sheets that it took.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
if call('HEXISTS', at('meeting'), 'armed:' .. round) == 0 then return answer('never_armed') end
call('SADD', at('frozen'), round)
local waiting = {}
-- What was counted was announced: nobody is waited for any more.
if call('HGET', at('meeting'), 'round:' .. round) == 'counted' then return answer('frozen', waiting) end
for _, server in ipairs(call('SMEMBERS', at('casters:' .. round))) do
  waiting[#waiting + 1] = server
  waiting[#waiting + 1] = call('HGET', at('took:' .. round), server) or '0'
end
return answer('frozen', waiting)
