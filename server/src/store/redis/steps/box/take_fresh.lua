-- What the live tally takes in at this tick: what was cast since the last one, and how the pool stands, both sealed. ARGV: 4 the
-- round, 5 the last of what was taken before (empty: from the first), 6 how many. What is taken is apart from what is cast from
-- now on, until the pool is given back; whoever takes next meanwhile takes the same. Answers the pool's version, the pool (where
-- nothing was taken before), and some of what was cast.
if standing ~= 'fine' then return answer('') end
local round = ARGV[4]
if call('SISMEMBER', at('frozen'), round) == 1 then return answer('frozen') end
local pool, fresh, taken = at('pool:' .. round), at('fresh:' .. round), at('tick:' .. round)
-- After lost history a second choice among the same ballots would tell more than the first.
if call('HEXISTS', at('meeting'), 'stopped:' .. round) == 1 then
  return answer('stopped', call('HGET', pool, 'pool') or '')
end
local from = '(' .. ARGV[5]
if ARGV[5] == '' then
  from = '-'
  if call('EXISTS', taken) == 0 and call('EXISTS', fresh) == 1 then
    call('RENAME', fresh, taken)
    call('HINCRBY', pool, 'version', 1)
  end
end
local there = call('HMGET', pool, 'version', 'pool')
return answer('taken', there[1] or '0', ARGV[5] == '' and there[2] or '',
  call('ZRANGEBYLEX', taken, from, '+', 'LIMIT', 0, ARGV[6]))
