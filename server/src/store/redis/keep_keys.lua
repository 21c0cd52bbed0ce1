-- Keeps a round's private keys. ARGV: 4 the round, 5 the keys, 6 their hash, 7 '1' where they are only kept over those of
-- 8 that hash (empty: over none). Answers whether keys of the round were erased, and what is kept.
if standing ~= 'fine' then return answer('') end
local keys, erased = at('keys:' .. ARGV[4]), call('SISMEMBER', at('erased'), ARGV[4])
local kept = call('HMGET', keys, 'keys', 'hash')
call('SADD', at('members'), me)
if ARGV[7] == '1' and kept[1] and kept[2] ~= ARGV[8] then return answer('kept', erased, kept[1]) end
call('HSET', keys, 'erased', erased, 'keys', ARGV[5], 'hash', ARGV[6])
return answer('kept', erased, ARGV[5])
