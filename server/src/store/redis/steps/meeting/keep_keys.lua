-- Keeps a round's private keys, which are sealed: the same ones are the same bytes. ARGV: 4 the round, 5 the keys, 6 '1' where
-- they are only kept over 7 these (empty: over none). Answers whether keys of the round were erased, and what is kept.
if standing ~= 'fine' then return answer('') end
local keys, erased = at('keys:' .. ARGV[4]), call('SISMEMBER', at('erased'), ARGV[4])
local kept = call('HGET', keys, 'keys')
call('SADD', at('members'), me)
if ARGV[6] == '1' and kept and kept ~= ARGV[7] then return answer('kept', erased, kept) end
call('HSET', keys, 'erased', erased, 'keys', ARGV[5])
return answer('kept', erased, ARGV[5])
