-- Notes that a seat asked for papers. ARGV: 4 the round, 5 the seat, 6 the digest of its request.
if standing ~= 'fine' then return answer('') end
local round, seat, digest = ARGV[4], ARGV[5], ARGV[6]
local state = call('HGET', at('meeting'), 'round:' .. round)
if state ~= 'armed' and state ~= 'open' then return answer('not_now') end
local group = group_of(seat)
if not group then return answer('not_now') end
local noted = call('HGET', at('issued:' .. round), seat)
if noted then return answer(noted == digest and 'sign' or 'other') end
call('HSET', at('issued:' .. round), seat, digest)
call('HINCRBY', at('counts:' .. round), 'issued:' .. group, 1)
call('SADD', at('members'), me)
return answer('sign')
