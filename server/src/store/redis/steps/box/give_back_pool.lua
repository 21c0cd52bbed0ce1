-- The pool after a tick, with all that was taken in it, unless somebody else was first. ARGV: 4 the round, 5 the version that was
-- seen, 6 the pool.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
local pool = at('pool:' .. round)
local is_over = call('SISMEMBER', at('frozen'), round) == 1 or call('HEXISTS', at('meeting'), 'stopped:' .. round) == 1
if is_over or (call('HGET', pool, 'version') or '0') ~= ARGV[5] then return answer('stale') end
call('HINCRBY', pool, 'version', 1)
call('HSET', pool, 'pool', ARGV[6])
call('UNLINK', at('tick:' .. round))
return answer('given', call('HGET', pool, 'version'))
